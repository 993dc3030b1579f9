import { createCoreFace } from './core-face.ts';
import { testCases } from './run-cases.ts';
import { configurationText, talendVsi } from './talend-vsi.ts';

testCases(talendVsi, createCoreFace(configurationText));
