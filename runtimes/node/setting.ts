// One row of the table of settings.
import type { SettingKind } from '../setting-kind.ts';

/** One setting. Its key in the table is its key in the file's `server:` section. */
export interface Setting<Value> {
  readonly kind: SettingKind<Value>;
  /** The default, written as a user would. */
  readonly fallback: string;
  readonly help: string;
  /** The word that stands for the value in `--help`. */
  readonly placeholder: string;
  /** False for what says where the file is. */
  readonly inFile: boolean;
}

/** Writes a row of the table. */
export const setting = <Value>(
  kind: SettingKind<Value>,
  row: { readonly fallback: string; readonly placeholder: string; readonly help: string; readonly inFile?: boolean },
): Setting<Value> => ({ inFile: true, ...row, kind });
