import { createCoreFace } from './core-face.ts';
import { testCases } from './run-cases.ts';
import { configurationText, vaultK8s } from './vault-k8s.ts';

testCases(vaultK8s, createCoreFace(configurationText));
