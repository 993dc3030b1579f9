// Fills in what the API server fills in between two calls of a webhook: its defaults and the ServiceAccount's token.
import { isObject, type JsonObject, type JsonValue, own } from '../../core/index.ts';

const TOKEN_PATH = '/var/run/secrets/kubernetes.io/serviceaccount';

/**
 * Defaults a pod ([reference](https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/)), the
 * fields that templates write to above all.
 */
export const defaultPod = (pod: JsonObject): JsonObject => {
  const spec = (own(pod, 'spec') ?? {}) as JsonObject;
  const volumes = list(spec, 'volumes').map(defaultVolume);
  const token = tokenVolume(volumes);
  const containers = (key: string): JsonObject =>
    own(spec, key) === undefined ? {} : { [key]: list(spec, key).map((item) => defaultContainer(item, token)) };
  return {
    ...pod,
    spec: {
      restartPolicy: 'Always',
      dnsPolicy: 'ClusterFirst',
      securityContext: {},
      schedulerName: 'default-scheduler',
      ...spec,
      ...(own(spec, 'volumes') === undefined ? {} : { volumes }),
      ...containers('initContainers'),
      ...containers('containers'),
    },
  };
};

const list = (object: JsonObject, key: string): readonly JsonObject[] => {
  const value = own(object, key);
  return Array.isArray(value) ? value.filter(isObject) : [];
};

const tokenVolume = (volumes: readonly JsonObject[]): string | undefined =>
  volumes.map((volume) => String(own(volume, 'name'))).find((name) => name.startsWith('kube-api-access-'));

const under = (object: JsonObject, key: string, defaults: JsonObject): JsonObject => {
  const value = own(object, key);
  return isObject(value) ? { [key]: { ...defaults, ...value } } : {};
};

const defaultVolume = (volume: JsonObject): JsonObject => ({
  ...volume,
  ...under(volume, 'configMap', { defaultMode: 420 }),
  ...under(volume, 'secret', { defaultMode: 420 }),
  ...under(volume, 'projected', { defaultMode: 420 }),
});

const defaultContainer = (container: JsonObject, token: string | undefined): JsonObject => ({
  terminationMessagePath: '/dev/termination-log',
  terminationMessagePolicy: 'File',
  imagePullPolicy: 'IfNotPresent',
  resources: {},
  ...withoutEmpty(container),
  ...(own(container, 'env') === undefined ? {} : { env: list(container, 'env').map(defaultVariable) }),
  ...tokenMount(container, token),
});

/** The API server writes no empty lists, and no empty texts. */
const withoutEmpty = (object: JsonObject): JsonObject =>
  Object.fromEntries(
    Object.entries(object).filter(([, value]) => value !== '' && !(Array.isArray(value) && value.length === 0)),
  ) as JsonObject;

const defaultVariable = (variable: JsonObject): JsonObject => {
  const from = own(variable, 'valueFrom');
  return isObject(from)
    ? { ...variable, valueFrom: { ...from, ...under(from, 'fieldRef', { apiVersion: 'v1' }) } }
    : withoutEmpty(variable);
};

const tokenMount = (container: JsonObject, token: string | undefined): JsonObject => {
  const mounts = list(container, 'volumeMounts');
  const written = mounts.map((mount) =>
    own(mount, 'readOnly') === false ? (withoutKey(mount, 'readOnly') as JsonObject) : mount,
  );
  const has = mounts.some((mount) => own(mount, 'mountPath') === TOKEN_PATH);
  const added: readonly JsonObject[] =
    has || token === undefined ? [] : [{ name: token, readOnly: true, mountPath: TOKEN_PATH }];
  return mounts.length + added.length === 0 ? {} : { volumeMounts: [...written, ...added] };
};

const withoutKey = (object: JsonObject, key: string): JsonValue =>
  Object.fromEntries(Object.entries(object).filter(([other]) => other !== key)) as JsonObject;
