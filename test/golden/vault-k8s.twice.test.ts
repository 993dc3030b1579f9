import { createCoreFace } from './core-face.ts';
import { testTwice } from './run-twice.ts';
import { configurationText, vaultK8s } from './vault-k8s.ts';

testTwice(vaultK8s.name, createCoreFace(configurationText));
