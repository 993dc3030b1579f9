import { createCoreFace } from './core-face.ts';
import { testTwice } from './run-twice.ts';
import { configurationText, talendVsi } from './talend-vsi.ts';

testTwice(talendVsi.name, createCoreFace(configurationText));
