// Reaches the cluster that `npm run e2e` started.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Api, type ApiAccess, ApiError, createApi } from '../../scripts/cluster/api.ts';
import type { Callers } from '../../scripts/cluster/callers.ts';
import { until } from '../../scripts/cluster/until.ts';

/** The folder of this run: it goes with everything in it when the run ends. */
export const runFolder = (): string => {
  const folder = process.env['PODGRAFT_E2E_FOLDER'];
  if (folder === undefined) {
    throw new Error('no cluster: start the end-to-end tests by `npm run e2e`');
  }
  return folder;
};

/** An environment for podgraft, which refuses variables of its own prefix that are no settings. */
export const plainEnvironment: NodeJS.ProcessEnv = { PATH: process.env['PATH'] };

/** What it takes to be the cluster's administrator. */
export const readAccess = (): ApiAccess => JSON.parse(readFileSync(join(runFolder(), 'access.json'), 'utf8'));

/** Connects as the cluster's administrator. */
export const connect = (): Api => createApi(readAccess());

/** The credentials by which the API server calls webhooks. */
export const readCallers = (): Callers => JSON.parse(readFileSync(join(runFolder(), 'callers.json'), 'utf8'));

/** The folder in which the API server looks for manifests of webhooks. */
export const readStaticManifests = (): string => readFileSync(join(runFolder(), 'static-manifests'), 'utf8');

/** Makes a namespace, and service accounts in it beside `default`; those that exist already are fine, but for labels. */
export const ensureNamespace = async (
  api: Api,
  name: string,
  options: { readonly labels?: Readonly<Record<string, string>>; readonly accounts?: readonly string[] } = {},
): Promise<void> => {
  const metadata = { name, labels: options.labels ?? {} };
  await ensure(api, '/api/v1/namespaces', { metadata });
  await api.mergePatch(`/api/v1/namespaces/${name}`, { metadata });
  const accounts = `/api/v1/namespaces/${name}/serviceaccounts`;
  for (const account of options.accounts ?? []) {
    await ensure(api, accounts, { metadata: { name: account } });
  }
  await until(`service account default exists in ${name}`, () => api.get(`${accounts}/default`));
};

const ensure = async (api: Api, path: string, object: unknown): Promise<void> => {
  try {
    await api.post(path, object);
  } catch (error) {
    if (!(error instanceof ApiError && error.status === 409)) {
      throw error;
    }
  }
};
