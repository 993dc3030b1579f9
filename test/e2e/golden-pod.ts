// The recorded cases of vault-k8s as a real API server can be made to send them, and what to expect of it.
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { isObject, type JsonObject } from '../../core/index.ts';
import { readDifferences } from '../golden/differences.ts';
import { type GoldenCase, readGoldenCases } from '../golden/golden-case.ts';
import { vaultK8s } from '../golden/vault-k8s.ts';
import { allowedBy } from './recorded-pods.ts';

/** The namespace that the pods were recorded in. */
export const RECORDED_NAMESPACE = 'shop';

/** What the API server itself does to some cases; the file describes each table. */
export interface OnCluster {
  readonly originalRefused: Readonly<Record<string, string>>;
  readonly unreadable: Readonly<Record<string, string>>;
  readonly changedBefore: Readonly<Record<string, string>>;
}

export const onCluster: OnCluster = parse(readFileSync(new URL('golden-on-cluster.yaml', import.meta.url), 'utf8'));

/** An API server sends it: the creation of something that calls itself a pod. */
const isSendable = ({ request, response }: GoldenCase): boolean => {
  const { object, namespace, operation, rawBody } = request;
  const isReview = response.http === undefined && rawBody === undefined && isObject(object);
  return isReview && operation === 'CREATE' && namespace === RECORDED_NAMESPACE && object['kind'] === 'Pod';
};

/** Every case that an API server can be made to send. */
export const sendableCases: readonly GoldenCase[] = readGoldenCases(vaultK8s.name).filter(isSendable);

/** Those of them to which the recorded answer is the one to expect. */
export const expectedCases: readonly GoldenCase[] = sendableCases.filter(
  ({ id }) => !Object.values(onCluster).some((table) => id in table),
);

const differences = readDifferences(vaultK8s.name);

/** Podgraft's answer is meant to differ from the recorded one. */
export const isDifferent = ({ id }: GoldenCase): boolean => differences.some((row) => row.case === id);

/** Whether podgraft is to let the pod in: as the original did, unless it was decided otherwise. */
export const isAllowed = allowedBy(vaultK8s.name);

/** The pod that the original made. */
export const podAfter = ({ podAfter: after, request }: GoldenCase): JsonObject =>
  isObject(after) ? after : (request.object ?? {});

/** The service accounts that the pods name. */
export const accountsOf = (cases: readonly GoldenCase[]): readonly string[] => {
  const specs = cases.map(({ request }) => request.object?.['spec']).filter(isObject);
  return [...new Set(specs.map((spec) => spec['serviceAccountName']).filter((name) => typeof name === 'string'))];
};

/** A group of cases that were recorded with the same settings, named after its first case. */
export type SettingsGroup = readonly [id: string, members: readonly [GoldenCase, ...GoldenCase[]]];

export const groupBySettings = (cases: readonly GoldenCase[]): readonly SettingsGroup[] => {
  const groups = Map.groupBy(cases, ({ config }) => JSON.stringify([config.flags, config.env]));
  return [...groups.values()].flatMap(([first, ...rest]) =>
    first === undefined ? [] : [[first.id, [first, ...rest]] as const],
  );
};
