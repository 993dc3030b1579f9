// Runs wrangler on the Worker's configuration, without telemetry, login or look-ups on the network.
import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';

const root = path.join(import.meta.dirname, '../..');
const program = path.join(root, 'node_modules/wrangler/bin/wrangler.js');
const configuration = path.join(root, 'runtimes/worker/wrangler.jsonc');

/** The date in the Worker's configuration, which says how workerd behaves. */
export const compatibilityDate = (): string =>
  /"compatibility_date": "([\d-]+)"/.exec(readFileSync(configuration, 'utf8'))?.[1] ?? '';

/** What keeps wrangler to this machine; whoever sets one of these means it. */
const QUIET = {
  WRANGLER_SEND_METRICS: 'false',
  WRANGLER_SEND_ERROR_REPORTS: 'false',
  // Where a request comes from, as the platform would say; the local stand-in is a constant instead.
  CLOUDFLARE_CF_FETCH_ENABLED: 'false',
  WRANGLER_LOG_PATH: path.join(root, 'build/worker/logs'),
} as const;

/** Starts wrangler. Its output goes where this process's goes, or through pipes. */
export const startWrangler = (args: readonly string[], output: 'inherit' | 'pipe'): ChildProcess => {
  const [verb = '', ...rest] = args;
  return spawn(process.execPath, [program, verb, '--config', configuration, ...rest], {
    cwd: root,
    stdio: ['inherit', output, output],
    env: { ...QUIET, ...process.env },
  });
};
