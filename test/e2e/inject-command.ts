// Runs `podgraft inject` as a user does, manifest in and manifest out.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseAllDocuments } from 'yaml';
import type { JsonObject } from '../../core/index.ts';
import { plainEnvironment, runFolder } from './test-cluster.ts';

const ENTRY = fileURLToPath(new URL('../../cli/podgraft.mjs', import.meta.url));

/** Gives the objects that `podgraft inject -f -` prints for a manifest of one or more documents. */
export const injectManifest = async (
  manifest: string,
  options: { readonly namespace: string; readonly configuration: string },
): Promise<readonly JsonObject[]> => {
  const config = join(mkdtempSync(join(runFolder(), 'inject-')), 'config.yaml');
  writeFileSync(config, options.configuration);
  const args = ['inject', '-f', '-', '--namespace', options.namespace, '--config', config];
  const child = spawn(process.execPath, [ENTRY, ...args], { stdio: 'pipe', env: plainEnvironment });
  const [output, errors] = [collect(child.stdout), collect(child.stderr)];
  child.stdin.on('error', () => {}); // it may end before it has read everything; its exit code says why
  child.stdin.end(manifest);
  const [code] = await once(child, 'close');
  if (code !== 0) {
    throw new Error(`podgraft inject ended with exit code ${code}: ${await errors}`);
  }
  return parseAllDocuments(await output).map((document) => document.toJS() as JsonObject);
};

const collect = async (stream: NodeJS.ReadableStream): Promise<string> => {
  let text = '';
  for await (const chunk of stream) {
    text += chunk;
  }
  return text;
};
