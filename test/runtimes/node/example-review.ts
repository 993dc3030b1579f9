// The sample review of the documents, and what a server grafts onto its pod.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'vitest';
import type { AdmissionResponseReview, Operation } from '../../../core/index.ts';
import type { Running } from '../../../runtimes/node/serve.ts';
import { send } from './https-client.ts';

/** The sample that `npm start` names. */
export const exampleReview = readFileSync(path.join(import.meta.dirname, '../../../docs/examples/review.json'), 'utf8');

/** Has a server review a body, and reads the patch. */
export const patchFrom = async (running: Running, body: string = exampleReview): Promise<readonly Operation[]> => {
  const answer = await send(`${running.url}/mutate`, running.certificate().cert, { body });
  expect(answer.status, answer.text).toBe(200);
  const { response } = JSON.parse(answer.text) as AdmissionResponseReview;
  expect(response.allowed).toBe(true);
  return JSON.parse(Buffer.from(response.patch ?? 'W10=', 'base64').toString()) as readonly Operation[];
};

/** The address of Vault that a patch gives to the injected agent. */
export const vaultAddressIn = (patch: readonly Operation[]): unknown => {
  const text = JSON.stringify(patch);
  const encoded = /"name":"VAULT_CONFIG","value":"([^"]+)"/.exec(text)?.[1] ?? '';
  const config = JSON.parse(Buffer.from(encoded, 'base64').toString()) as { vault?: { address?: unknown } };
  return config.vault?.address;
};
