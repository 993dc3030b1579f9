import { bankVaults, configurationText } from '../golden/bank-vaults.ts';
import { testInjectedManifests } from './run-golden.ts';

testInjectedManifests(bankVaults, configurationText);
