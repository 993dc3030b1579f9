// A second, naive graft to hold the real one against: it clones the pod and changes the clone.
import { isObject, type JsonObject, type JsonValue } from '../../../core/index.ts';
import type { Graft } from '../../../core/pod/graft.ts';
import type { Piece, Placement, Rendered } from '../../../core/template/rendered.ts';

type Mutable = { [key: string]: JsonValue };

const KEYED: Readonly<Record<string, (item: JsonObject) => JsonValue | undefined>> = {
  volumes: (item) => item['name'],
  containers: (item) => item['name'],
  initContainers: (item) => item['name'],
  env: (item) => item['name'],
  volumeMounts: (item) => String(item['mountPath']).replace(/(?<=.)\/+$/, ''),
};

/** Grafts without recording; assumes that nothing conflicts. */
export const referenceGraft = (pod: JsonObject, grafts: readonly Graft[]): JsonObject => {
  const clone = structuredClone(pod) as Mutable;
  for (const { container, pieces } of grafts.flatMap(({ rendered }) => rendered.containers)) {
    for (const piece of pieces) {
      put(findContainer(clone, container), piece, { placement: 'last', before: 0 });
    }
  }
  const placed: Record<string, number> = { containers: 0, initContainers: 0 };
  for (const { rendered } of grafts) {
    for (const piece of rendered.pod) {
      putIntoPod(clone, piece, { order: rendered.order, placed });
    }
  }
  return clone as JsonObject;
};

const putIntoPod = (
  pod: Mutable,
  piece: Piece,
  { order, placed }: { order: Rendered['order']; placed: Record<string, number> },
): void => {
  const list = piece.path[1];
  if (list !== 'containers' && list !== 'initContainers') {
    put(pod, piece, { placement: 'last', before: 0 });
    return;
  }
  const before = placed[list] ?? 0;
  if (put(pod, piece, { placement: order[list], before }) && order[list] === 'first') {
    placed[list] = before + 1;
  }
};

const findContainer = (pod: Mutable, name: string): Mutable => {
  const spec = pod['spec'] as { readonly [list: string]: readonly Mutable[] | undefined };
  const all = [...(spec['initContainers'] ?? []), ...(spec['containers'] ?? [])];
  return all.find((container) => container['name'] === name) as Mutable;
};

const put = (
  root: Mutable,
  { verb, path, value }: Piece,
  { placement, before }: { placement: Placement; before: number },
): boolean => {
  let parent = root;
  for (const key of path.slice(0, -1)) {
    parent[key] ??= {};
    parent = parent[key] as Mutable;
  }
  const leaf = path.at(-1) as string;
  const keyOf = KEYED[leaf];
  if (keyOf === undefined) {
    if (!(isObject(value) && Object.keys(value).length === 0 && isObject(parent[leaf] as JsonValue))) {
      parent[leaf] = value;
    }
    return true;
  }
  const list = [...((parent[leaf] ?? []) as JsonObject[])];
  const index = list.findLastIndex((item) => keyOf(item) === keyOf(value as JsonObject));
  if (index >= 0 && verb === 'set') {
    list[index] = value as JsonObject;
  } else if (index < 0) {
    list.splice(placement === 'first' ? before : list.length, 0, value as JsonObject);
  }
  parent[leaf] = list;
  return index < 0;
};
