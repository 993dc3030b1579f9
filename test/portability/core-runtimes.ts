// Runs the program of the cases in Node, workerd, Deno and Bun.
import { execFile } from 'node:child_process';
import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { Miniflare, NoOpLog } from 'miniflare';
import { bundleProgram } from '../../scripts/worker/bundle-program.ts';
import { compatibilityDate } from '../../scripts/worker/wrangler.ts';
import { findProgram, versionOf } from './programs.ts';
import type { Answers, SuiteInput } from './suite.ts';

/** A runtime that the cases run in. */
export interface CoreRuntime {
  readonly name: string;
  readonly version: string;
  /** Digests of the answers, by the case's id. */
  readonly run: () => Promise<Answers>;
}

/** A runtime that is not installed. */
export interface MissingRuntime {
  readonly name: string;
  readonly missing: string;
}

/** The runtimes, and how their files are taken away. */
export interface CoreRuntimes {
  readonly list: readonly (CoreRuntime | MissingRuntime)[];
  readonly remove: () => Promise<void>;
}

/** The names of all runtimes. */
export const runtimeNames = ['node', 'workerd', 'deno', 'bun'] as const;

/** Prepares the program and its input; nothing runs yet. */
export const prepareRuntimes = async (input: SuiteInput, policy: string): Promise<CoreRuntimes> => {
  const folder = await mkdtemp(path.join(tmpdir(), 'podgraft-portability-'));
  const file = (name: string): string => path.join(folder, name);
  await writeFile(file('input.json'), JSON.stringify(input));
  await copyFile(policy, file('policy.wasm'));
  await bundleProgram(path.join(import.meta.dirname, 'local-entry.ts'), file('local-entry.mjs'));
  await bundleProgram(path.join(import.meta.dirname, 'worker-entry.ts'), file('worker-entry.mjs'));
  const args = ['local-entry.mjs', 'policy.wasm', 'input.json'].map(file);
  // Deno may read these files and do nothing else; no runtime looks for newer versions of itself.
  const flags = {
    deno: ['run', '--no-config', '--no-lock', '--no-remote', '--no-prompt', `--allow-read=${folder}`],
    bun: ['run'],
  };
  const env = { ...process.env, DENO_DIR: file('deno'), DENO_NO_UPDATE_CHECK: '1', DO_NOT_TRACK: '1' };
  const local = (name: 'deno' | 'bun'): CoreRuntime | MissingRuntime => {
    const program = findProgram(name);
    return program === undefined
      ? { name, missing: `the npm package "${name}" brought no program for this machine` }
      : { name, version: versionOf(name), run: () => spawn(program, [...flags[name], ...args], env) };
  };
  return {
    list: [
      { name: 'node', version: process.version.slice(1), run: () => spawn(process.execPath, args, env) },
      { name: 'workerd', version: versionOf('workerd'), run: () => runInWorkerd(folder) },
      local('deno'),
      local('bun'),
    ],
    remove: () => rm(folder, { recursive: true }),
  };
};

const spawn = async (program: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<Answers> => {
  const { stdout } = await promisify(execFile)(program, args, { env, maxBuffer: 64 * 1024 * 1024 });
  return JSON.parse(stdout) as Answers;
};

const runInWorkerd = async (folder: string): Promise<Answers> => {
  const contents = (name: string): Promise<Uint8Array<ArrayBuffer>> => readFile(path.join(folder, name));
  const miniflare = new Miniflare({
    cf: false,
    log: new NoOpLog(),
    compatibilityDate: compatibilityDate(),
    modules: [
      { type: 'ESModule', path: 'worker-entry.mjs', contents: await contents('worker-entry.mjs') },
      { type: 'CompiledWasm', path: 'policy.wasm', contents: await contents('policy.wasm') },
    ],
  });
  try {
    const response = await miniflare.dispatchFetch('http://suite.example/', {
      method: 'POST',
      body: await contents('input.json'),
    });
    if (response.status !== 200) {
      throw new Error(`workerd answered ${response.status}: ${await response.text()}`);
    }
    return (await response.json()) as Answers;
  } finally {
    await miniflare.dispose();
  }
};
