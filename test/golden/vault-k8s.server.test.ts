import { afterAll } from 'vitest';
import { testCases } from './run-cases.ts';
import { createServerFace } from './server-face.ts';
import { configurationText, vaultK8s } from './vault-k8s.ts';

const face = createServerFace(configurationText);
afterAll(() => face.stop());
testCases(vaultK8s, face);
