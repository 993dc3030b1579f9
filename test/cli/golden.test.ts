import { configurationText, vaultK8s } from '../golden/vault-k8s.ts';
import { testInjectedManifests } from './run-golden.ts';

testInjectedManifests(vaultK8s, configurationText);
