// The type of a Pod: that of kubernetes-types, with the newer fields merged in.
import type {} from './newer-fields.ts';

export type { Pod } from 'kubernetes-types/core/v1.js';
