import { bankVaults, configurationText } from './bank-vaults.ts';
import { findStandIns } from './bank-vaults-facts.ts';
import { createCoreFace } from './core-face.ts';
import { testCases } from './run-cases.ts';

testCases(bankVaults, createCoreFace(configurationText, findStandIns));
