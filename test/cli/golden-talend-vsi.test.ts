import { configurationText, talendVsi } from '../golden/talend-vsi.ts';
import { testInjectedManifests } from './run-golden.ts';

testInjectedManifests(talendVsi, configurationText);
