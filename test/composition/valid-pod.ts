// What the API server would say of a pod, as far as several injections can get it wrong.
import { isObject, type JsonObject, type JsonValue, own } from '../../core/index.ts';

const list = (object: JsonObject, ...path: readonly string[]): readonly JsonObject[] => {
  const value = path.reduce<JsonValue | undefined>(
    (inner, key) => (isObject(inner) ? own(inner, key) : undefined),
    object,
  );
  return Array.isArray(value) ? value.filter(isObject) : [];
};

const repeated = (values: readonly unknown[]): readonly unknown[] =>
  values.filter((value, index) => values.indexOf(value) !== index);

const DNS_LABEL = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/;

/** Everything that is wrong with a pod; nothing for a valid one. */
export const podErrors = (pod: JsonObject): readonly string[] => {
  const containers = ['initContainers', 'containers', 'ephemeralContainers'].flatMap((key) => list(pod, 'spec', key));
  const volumes = list(pod, 'spec', 'volumes');
  const names = volumes.map((volume) => own(volume, 'name'));
  return [
    ...repeated(containers.map((container) => own(container, 'name'))).map((name) => `container ${String(name)} twice`),
    ...repeated(names).map((name) => `volume ${String(name)} twice`),
    ...[...containers, ...volumes]
      .map((item) => String(own(item, 'name')))
      .filter((name) => !DNS_LABEL.test(name))
      .map((name) => `${name} is no name`),
    ...volumes
      .filter((volume) => Object.keys(volume).length !== 2)
      .map((volume) => `${JSON.stringify(volume)} has not one source`),
    ...containers.flatMap((container) => containerErrors(container, names)),
    ...repeated(runningPorts(pod)).map((port) => `port ${String(port)} twice`),
  ];
};

const containerErrors = (container: JsonObject, volumes: readonly unknown[]): readonly string[] => {
  const name = String(own(container, 'name'));
  const mounts = list(container, 'volumeMounts');
  const words = [own(container, 'command'), own(container, 'args')].flat();
  return [
    ...repeated(mounts.map((mount) => own(mount, 'mountPath'))).map(
      (path) => `${name} mounts twice at ${String(path)}`,
    ),
    ...mounts
      .filter((mount) => !volumes.includes(own(mount, 'name')))
      .map((mount) => `${name} mounts no volume: ${JSON.stringify(mount)}`),
    ...list(container, 'env')
      .filter((variable) => own(variable, 'value') !== undefined && own(variable, 'valueFrom') !== undefined)
      .map((variable) => `${name} has a variable with two sources: ${JSON.stringify(variable)}`),
    ...words
      .filter((word) => word !== undefined && typeof word !== 'string')
      .map(() => `${name} has a word that is none`),
  ];
};

const runningPorts = (pod: JsonObject): readonly string[] =>
  list(pod, 'spec', 'containers').flatMap((container) =>
    [...new Set(list(container, 'ports').map((port) => JSON.stringify([own(port, 'hostPort')])))].filter(
      (port) => port !== '[null]',
    ),
  );
