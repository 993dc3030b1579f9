import { afterAll } from 'vitest';
import { createCliFace } from './cli-face.ts';
import { testCases } from './run-cases.ts';
import { configurationText, vaultK8s } from './vault-k8s.ts';

const face = createCliFace(configurationText);
afterAll(face.stop);
testCases(vaultK8s, face);
