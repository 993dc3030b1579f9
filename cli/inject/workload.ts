// Finds the pods in a document: Pods themselves, and the templates from which controllers make pods.
import { isObject, type JsonObject, type JsonValue, own } from '../../core/json.ts';
import type { Path } from './manifest.ts';

/** A pod that a document describes. */
export interface Workload {
  readonly kind: string;
  readonly name: string;
  /** Empty where the object names none. */
  readonly namespace: string;
  /** Where the object stands in its document. */
  readonly path: Path;
  /** Where the pod or pod template stands in its document. */
  readonly podPath: Path;
  readonly pod: JsonObject;
}

interface Kind {
  readonly groups: readonly string[];
  /** The way from the object to its pod template; empty for a Pod. */
  readonly template: readonly string[];
}

const controller = (...groups: readonly string[]): Kind => ({ groups, template: ['spec', 'template'] });

/** The kinds that make pods, in the API groups in which they are or were. */
const kinds: ReadonlyMap<string, Kind> = new Map([
  ['Pod', { groups: [''], template: [] }],
  ['ReplicationController', controller('')],
  ['Deployment', controller('apps', 'extensions')],
  ['ReplicaSet', controller('apps', 'extensions')],
  ['DaemonSet', controller('apps', 'extensions')],
  ['StatefulSet', controller('apps')],
  ['Job', controller('batch')],
  ['CronJob', { groups: ['batch'], template: ['spec', 'jobTemplate', 'spec', 'template'] }],
]);

/** The kinds that {@link findWorkloads} knows, for help texts. */
export const workloadKinds: readonly string[] = [...kinds.keys()];

/** Finds all pods of a document, those in the items of a List among them. Anything else is nobody's business here. */
export const findWorkloads = (value: JsonValue, path: Path = []): readonly Workload[] => {
  if (!isObject(value)) {
    return [];
  }
  const items = own(value, 'items');
  const kind = text(value, 'kind');
  if (kind.endsWith('List') && Array.isArray(items)) {
    return items.flatMap((item: JsonValue, index) =>
      findWorkloads(withTypeOf(value, kind, item), [...path, 'items', index]),
    );
  }
  const workload = toWorkload(value, path);
  return workload === undefined ? [] : [workload];
};

/** In a list of one kind, as in `PodList`, the items may leave their kind out. */
const withTypeOf = (list: JsonObject, listKind: string, item: JsonValue): JsonValue =>
  isObject(item) && listKind !== 'List' && own(item, 'kind') === undefined
    ? { ...item, apiVersion: text(list, 'apiVersion'), kind: listKind.slice(0, -'List'.length) }
    : item;

const toWorkload = (object: JsonObject, path: Path): Workload | undefined => {
  const kind = text(object, 'kind');
  const known = kinds.get(kind);
  const apiVersion = text(object, 'apiVersion');
  const group = apiVersion.includes('/') ? (apiVersion.split('/')[0] ?? '') : '';
  if (known === undefined || apiVersion === '' || !known.groups.includes(group)) {
    return undefined;
  }
  const pod = known.template.reduce<JsonValue | undefined>(
    (value, key) => (isObject(value) ? own(value, key) : undefined),
    object,
  );
  const metadata = own(object, 'metadata');
  return isObject(pod)
    ? {
        kind,
        name: isObject(metadata) ? text(metadata, 'name') || text(metadata, 'generateName') : '',
        namespace: isObject(metadata) ? text(metadata, 'namespace') : '',
        path,
        podPath: [...path, ...known.template],
        pod,
      }
    : undefined;
};

const text = (object: JsonObject, key: string): string => {
  const value = own(object, key);
  return typeof value === 'string' ? value : '';
};
