// Every recorded system, with what its cases need beside the request.
import type { FindFacts } from '../../core/index.ts';
import * as bankVaults from '../golden/bank-vaults.ts';
import { findStandIns } from '../golden/bank-vaults-facts.ts';
import type { GoldenCase } from '../golden/golden-case.ts';
import type { System } from '../golden/run-cases.ts';
import * as talendVsi from '../golden/talend-vsi.ts';
import * as vaultK8s from '../golden/vault-k8s.ts';

/** A system whose cases run on every runtime. */
export interface GoldenSystem {
  readonly system: System;
  /** The configuration file for a case. */
  readonly configurationText: (golden: GoldenCase) => string;
  readonly findFacts?: FindFacts;
}

/** All of them. */
export const goldenSystems: readonly GoldenSystem[] = [
  { system: vaultK8s.vaultK8s, configurationText: vaultK8s.configurationText },
  { system: talendVsi.talendVsi, configurationText: talendVsi.configurationText },
  { system: bankVaults.bankVaults, configurationText: bankVaults.configurationText, findFacts: findStandIns },
];
