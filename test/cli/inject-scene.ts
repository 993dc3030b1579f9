// What the tests of podgraft inject write to disk: files of their own, and a configuration.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';

/** A folder that goes with the test file. */
export interface InjectScene {
  readonly folder: string;
  /** Writes a file and gives its path. */
  readonly file: (name: string, text: string | Uint8Array) => string;
  /** The path of a configuration that names a Vault. */
  readonly config: string;
}

/** Makes the folder. */
export const createInjectScene = (): InjectScene => {
  const folder = mkdtempSync(join(tmpdir(), 'podgraft-inject-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  const file: InjectScene['file'] = (name, text) => {
    const path = join(folder, name);
    writeFileSync(path, text);
    return path;
  };
  return { folder, file, config: file('config.yaml', CONFIGURATION) };
};

const CONFIGURATION =
  'apiVersion: podgraft.dev/v1alpha1\nkind: Configuration\npolicy:\n  vault_agent:\n    defaults:\n      service: https://vault:8200\n';
