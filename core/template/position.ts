// Positions in a Pod: what Kubernetes expects there, and what it does with it.
import { type FieldType, fieldType } from '../k8s/fields.ts';

/** A place in a Pod. */
export interface Position {
  /** What Kubernetes expects there. */
  readonly type: FieldType;
  /** The fields that lead there from the Pod, `[]` for any item of a list. */
  readonly path: readonly string[];
  /** The field that lets no free value in, where this is one or stands below one. */
  readonly guarded?: string | undefined;
  /** Whether it is a container of the pod's own, which a block speaks of. */
  readonly isOwn?: boolean;
  /** The position of its items, where that does not follow from its type. */
  readonly items?: Position;
}

/** The position of a list whose items each stand at one position: what `$flatten` and `$words` take. */
export const listOf = (items: Position): Position => ({
  type: { kind: 'list', of: items.type },
  path: items.path,
  items,
});

/** The Pod itself. */
export const POD: Position = { type: { kind: 'object', type: 'Pod' }, path: [] };

/** One of the Pod's own containers. */
export const CONTAINER: Position = {
  type: { kind: 'object', type: 'Container' },
  path: ['spec', 'containers', '[]'],
  isOwn: true,
};

/** Fields by which a pod gets more rights, or another identity. */
const GUARDED: ReadonlySet<string> = new Set([
  'securityContext',
  'hostPath',
  'serviceAccountName',
  'serviceAccount',
  'hostNetwork',
  'hostPID',
  'hostIPC',
  'shareProcessNamespace',
  'hostUsers',
]);

/** The position of a map's member; `undefined` where Kubernetes knows no such field. */
export const memberPosition = ({ type, path, guarded }: Position, key: string): Position | undefined => {
  const below = type.kind === 'object' ? fieldType(type.type, key) : type.kind === 'any' ? type : mapOf(type);
  const guard = guarded ?? (type.kind === 'object' && GUARDED.has(key) ? key : undefined);
  return below && { type: below, path: [...path, key], guarded: guard };
};

const mapOf = (type: FieldType): FieldType | undefined => (type.kind === 'map' ? type.of : undefined);

/** The position of a list's items; `undefined` where Kubernetes expects no list. */
export const itemPosition = ({ type, path, guarded, items }: Position): Position | undefined => {
  if (items !== undefined) {
    return items;
  }
  const below = type.kind === 'list' ? type.of : type.kind === 'any' ? type : undefined;
  return below && { type: below, path: [...path, '[]'], guarded };
};

const CONTAINER_PATH = String.raw`^spec\.(?:initContainers|containers)\.\[\]`;
const EXPANDED = new RegExp(
  `${CONTAINER_PATH}\\.(?:(?:command|args|[a-z]+Probe\\.exec\\.command)\\.\\[\\]|env\\.\\[\\]\\.value)$`,
);

/**
 * Tells whether the kubelet expands `$(VAR)` in a text that stands there: in `command`, `args`, the values of
 * variables and the commands of probes. It does not in the commands of hooks.
 */
export const isExpanded = ({ path }: Position): boolean => EXPANDED.test(path.join('.'));

const NOT_IN_TEMPLATES: ReadonlySet<string> = new Set(['status', 'spec.ephemeralContainers', 'spec.nodeName']);

/** Tells whether a template may name what stands there. */
export const isForbidden = ({ path }: Position, key: string): boolean => NOT_IN_TEMPLATES.has([...path, key].join('.'));

/** Tells whether the keys of the map that stands there may have holes. */
export const mayHaveHolesInKeys = ({ path }: Position): boolean =>
  path.length === 2 && path[0] === 'metadata' && (path[1] === 'annotations' || path[1] === 'labels');
