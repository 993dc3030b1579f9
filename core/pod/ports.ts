// Refuses two that take one port: the containers of a pod share one network.
import { isObject, type JsonObject, type JsonValue, own } from '../json.ts';
import type { Piece, Rendered } from '../template/rendered.ts';
import { ConflictError, type Owner, ownerName } from './conflict.ts';
import { valueAt } from './field-edit.ts';
import { nameKey } from './same.ts';

/** An injection, as far as it takes ports. */
export interface PortTaker extends Owner {
  readonly rendered: Rendered;
  /** TCP ports that its containers take without declaring them. */
  readonly listens?: readonly number[];
}

/**
 * Holds the ports of each injection against those of the pod's containers and of earlier injections. Only containers
 * that run beside each other count: of the init containers, native sidecars.
 *
 * @throws {ConflictError}
 */
export const checkPorts = (pod: JsonObject, takers: readonly PortTaker[]): void => {
  if (!takers.some(mayTakePorts)) {
    return;
  }
  const taken = takers.map((taker) => ({ owner: taker, ports: portsTaken(taker) }));
  const holders = portsOfPod(pod, new Set(takers.flatMap(({ rendered }) => newContainers(rendered).map(nameKey))));
  for (const { owner, ports } of taken) {
    for (const port of ports) {
      const holder = holders.get(port);
      if (holder !== undefined) {
        const message = `${ownerName(owner)} takes ${port}, but ${holder} already has it`;
        throw new ConflictError({ system: owner.system, message });
      }
      holders.set(port, ownerName(owner));
    }
  }
};

/** Spares the rest for what most injections are. */
const mayTakePorts = ({ rendered, listens = [] }: PortTaker): boolean =>
  listens.length > 0 || rendered.pod.some(({ value }) => isObject(value) && own(value, 'ports') !== undefined);

const portsTaken = ({ rendered, listens = [] }: PortTaker): ReadonlySet<string> =>
  new Set([...listens.map((port) => `port ${port}/TCP`), ...newContainers(rendered).flatMap(declaredPorts)]);

/** Ports by who has them; a container that an injection itself has put there on an earlier review is left out. */
const portsOfPod = (pod: JsonObject, ours: ReadonlySet<string>): Map<string, string> => {
  const others = LISTS.flatMap((list) => running(valueAt(pod, ['spec', list]), list)).filter(
    (container) => !ours.has(nameKey(container)),
  );
  return new Map(
    others.flatMap((container) =>
      declaredPorts(container).map((port) => [port, `the pod's container "${nameKey(container)}"`] as const),
    ),
  );
};

const LISTS = ['initContainers', 'containers'];

const newContainers = ({ pod }: Rendered): readonly JsonObject[] =>
  LISTS.flatMap((list) =>
    running(
      pod.filter(isItemOf(list)).map(({ value }) => value),
      list,
    ),
  );

const isItemOf =
  (list: string) =>
  ({ path }: Piece): boolean =>
    path.length === 2 && path[0] === 'spec' && path[1] === list;

const running = (items: JsonValue | undefined, list: string): readonly JsonObject[] =>
  Array.isArray(items) ? items.filter(isObject).filter((container) => runsBesideOthers(container, list)) : [];

const runsBesideOthers = (container: JsonObject, list: string): boolean =>
  list === 'containers' || own(container, 'restartPolicy') === 'Always';

const declaredPorts = (container: JsonObject): readonly string[] => {
  const ports = own(container, 'ports');
  return (Array.isArray(ports) ? ports : []).filter(isObject).flatMap((port) => {
    const protocol = String(own(port, 'protocol') ?? 'TCP');
    const hostPort = own(port, 'hostPort') ?? 0;
    return [
      `port ${String(own(port, 'containerPort'))}/${protocol}`,
      ...(hostPort === 0 ? [] : [`host port ${String(own(port, 'hostIP') ?? '')}:${String(hostPort)}/${protocol}`]),
    ];
  });
};
