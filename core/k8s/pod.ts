// The types of Kubernetes objects that the steps share: those of kubernetes-types, with the newer fields merged in.
import type {} from './newer-fields.ts';

export type {
  Container,
  EnvVar,
  EphemeralContainer,
  Pod,
  PodSpec,
  Volume,
  VolumeMount,
} from 'kubernetes-types/core/v1.js';
export type { ObjectMeta } from 'kubernetes-types/meta/v1.js';
