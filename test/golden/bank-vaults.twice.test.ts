import { bankVaults, configurationText } from './bank-vaults.ts';
import { findStandIns } from './bank-vaults-facts.ts';
import { createCoreFace } from './core-face.ts';
import { testTwice } from './run-twice.ts';

testTwice(bankVaults.name, createCoreFace(configurationText, findStandIns));
