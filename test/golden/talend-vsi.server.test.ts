import { afterAll } from 'vitest';
import { testCases } from './run-cases.ts';
import { createServerFace } from './server-face.ts';
import { configurationText, talendVsi } from './talend-vsi.ts';

const face = createServerFace(configurationText);
afterAll(() => face.stop());
testCases(talendVsi, face);
