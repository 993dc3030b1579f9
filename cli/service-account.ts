// ServiceAccount admission, which the API server runs before webhooks and which a manifest has not been through.
import { isDeepStrictEqual } from 'node:util';
import { isObject, type JsonObject, type JsonValue, own } from '../core/json.ts';

/** A pod after ServiceAccount admission, with what is needed to take it back. */
export interface AdmittedPod {
  readonly pod: JsonObject;
  readonly before: JsonObject;
  /** The mount that containers without one got; `undefined` where the pod wants none. */
  readonly mount: JsonObject | undefined;
}

const MOUNT_PATH = '/var/run/secrets/kubernetes.io/serviceaccount';
const PREFIX = 'kube-api-access-';

/** The API server takes a volume with its own prefix for its own, so it will not add a second one. */
const VOLUME = `${PREFIX}podgraft`;

/** Source: `TokenVolumeSource` of the ServiceAccount admission plugin. */
const tokenVolume: JsonObject = {
  name: VOLUME,
  projected: {
    defaultMode: 420,
    sources: [
      { serviceAccountToken: { expirationSeconds: 3607, path: 'token' } },
      { configMap: { items: [{ key: 'ca.crt', path: 'ca.crt' }], name: 'kube-root-ca.crt' } },
      {
        downwardAPI: {
          items: [{ fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.namespace' }, path: 'namespace' }],
        },
      },
    ],
  },
};

const LISTS = ['initContainers', 'containers'] as const;

/**
 * Does what ServiceAccount admission does, as far as the pod alone decides it
 * ([reference](https://kubernetes.io/docs/reference/access-authn-authz/service-accounts-admin/)): the account `default`,
 * the token volume, and its mount in each container that has none at that path, unless the pod opts out.
 * What the account itself says (`automountServiceAccountToken`, `imagePullSecrets`) is not known here.
 */
export const admitServiceAccount = (before: JsonObject): AdmittedPod => {
  const spec = own(before, 'spec');
  if (!isObject(spec) || !isAdmissible(spec) || isMirror(before)) {
    return { pod: before, before, mount: undefined };
  }
  const account = { serviceAccountName: own(spec, 'serviceAccountName') || own(spec, 'serviceAccount') || 'default' };
  if (own(spec, 'automountServiceAccountToken') === false) {
    return { pod: { ...before, spec: { ...spec, ...account } }, before, mount: undefined };
  }
  const there = listAt(spec, 'volumes').find((volume) => String(own(volume, 'name')).startsWith(PREFIX));
  const mount = { name: own(there ?? tokenVolume, 'name') ?? VOLUME, readOnly: true, mountPath: MOUNT_PATH };
  const lists = LISTS.filter((key) => own(spec, key) !== undefined).map((key) => {
    return [key, listAt(spec, key).map((container) => mountToken(container, mount))] as const;
  });
  const isMounted = lists.some(([key, containers]) => !isDeepStrictEqual(containers, listAt(spec, key)));
  const volumes = there === undefined && isMounted ? { volumes: [...listAt(spec, 'volumes'), tokenVolume] } : {};
  return { pod: { ...before, spec: { ...spec, ...account, ...Object.fromEntries(lists), ...volumes } }, before, mount };
};

/** A kubelet's image of a static pod is left as it is. */
const isMirror = (pod: JsonObject): boolean => {
  const metadata = own(pod, 'metadata');
  const annotations = isObject(metadata) ? own(metadata, 'annotations') : undefined;
  return isObject(annotations) && own(annotations, 'kubernetes.io/config.mirror') !== undefined;
};

/** Lists that are none, and items that are no objects: those the API server refuses before any admission. */
const isAdmissible = (spec: JsonObject): boolean =>
  [...LISTS, 'volumes'].every((key) => isListOfObjects(own(spec, key) ?? [])) &&
  LISTS.every((key) => listAt(spec, key).every((container) => isListOfObjects(own(container, 'volumeMounts') ?? [])));

const isListOfObjects = (value: JsonValue): boolean => Array.isArray(value) && value.every(isObject);

const listAt = (object: JsonObject, key: string): readonly JsonObject[] =>
  (own(object, key) ?? []) as readonly JsonObject[];

const mountsOf = (container: JsonObject): readonly JsonObject[] => listAt(container, 'volumeMounts');

const hasMount = (container: JsonObject): boolean =>
  mountsOf(container).some((mount) => own(mount, 'mountPath') === MOUNT_PATH);

const mountToken = (container: JsonObject, mount: JsonObject): JsonObject =>
  hasMount(container) ? container : { ...container, volumeMounts: [...mountsOf(container), mount] };

/**
 * Takes back what {@link admitServiceAccount} added to a pod that was then injected into; the API server will add it again.
 *
 * The volume stays where an injected container mounts it. Then the mount stays, too, in containers of the pod that got
 * other mounts behind it, so that the mounts come to stand in the same order as behind a webhook.
 */
export const dropServiceAccount = (injected: JsonObject, { before, mount }: AdmittedPod): JsonObject => {
  const [spec, old] = [own(injected, 'spec'), own(before, 'spec')];
  if (!isObject(spec) || !isObject(old) || !isAdmissible(old)) {
    return injected;
  }
  const name = mount === undefined ? undefined : own(mount, 'name');
  const isKept = LISTS.some((key) =>
    listAt(spec, key).some((container) => isNew(container, listAt(old, key)) && mountsVolume(container, name)),
  );
  const isOurs = mount !== undefined && !listAt(old, 'volumes').some((volume) => own(volume, 'name') === name);
  const result = new Map(Object.entries(spec));
  restoreKey(result, old, 'serviceAccountName');
  for (const key of mount === undefined ? [] : LISTS) {
    const containers = listAt(spec, key).map((container) =>
      dropMount(container, listAt(old, key), { name, isKept: isKept || !isOurs }),
    );
    restoreList({ result, old, key }, containers);
  }
  if (isOurs && !isKept) {
    restoreList(
      { result, old, key: 'volumes' },
      listAt(spec, 'volumes').filter((volume) => own(volume, 'name') !== name),
    );
  }
  return { ...injected, spec: Object.fromEntries(result) };
};

const find = (containers: readonly JsonObject[], name: JsonValue | undefined): JsonObject | undefined =>
  containers.find((container) => own(container, 'name') === name);

const isNew = (container: JsonObject, old: readonly JsonObject[]): boolean =>
  find(old, own(container, 'name')) === undefined;

const mountsVolume = (container: JsonObject, name: JsonValue | undefined): boolean =>
  name !== undefined && mountsOf(container).some((mount) => own(mount, 'name') === name);

const dropMount = (
  container: JsonObject,
  old: readonly JsonObject[],
  { name, isKept }: { readonly name: JsonValue | undefined; readonly isKept: boolean },
): JsonObject => {
  const was = find(old, own(container, 'name'));
  const mounts = mountsOf(container);
  if (was === undefined || hasMount(was) || (isKept && mounts.length > mountsOf(was).length + 1)) {
    return container;
  }
  const rest = mounts.filter((mount) => own(mount, 'name') !== name || own(mount, 'mountPath') !== MOUNT_PATH);
  const result = new Map(Object.entries(container));
  restoreList({ result, old: was, key: 'volumeMounts' }, rest);
  return Object.fromEntries(result);
};

interface Restoring {
  readonly result: Map<string, JsonValue>;
  readonly old: JsonObject;
  readonly key: string;
}

/** Leaves an empty list out where there was none. */
const restoreList = ({ result, old, key }: Restoring, list: readonly JsonValue[]): void => {
  if (list.length === 0) {
    restoreKey(result, old, key);
  } else {
    result.set(key, list);
  }
};

const restoreKey = (result: Map<string, JsonValue>, old: JsonObject, key: string): void => {
  const was = own(old, key);
  if (was === undefined) {
    result.delete(key);
  } else {
    result.set(key, was);
  }
};
