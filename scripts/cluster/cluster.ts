// Starts a Kubernetes control plane on loopback: etcd, API server and controller manager, without nodes.
import { join } from 'node:path';
import { type Api, type ApiAccess, createApi } from './api.ts';
import { type Callers, writeCallers } from './callers.ts';
import { type Child, startChild } from './child.ts';
import { freePorts } from './free-port.ts';
import { writeKeys } from './keys.ts';
import { until } from './until.ts';

/** A running control plane. No pod runs: there is neither a node nor a scheduler, and nothing here needs one. */
export interface Cluster {
  readonly access: ApiAccess;
  /** Where the API server calls webhooks with credentials, and by which. */
  readonly callers: Callers;
  /** The folder in which the API server looks for manifests of webhooks. */
  readonly staticManifests: string;
  readonly stop: () => Promise<void>;
}

export interface ClusterOptions {
  /** Where the compiled programs are. */
  readonly programs: string;
  /** An empty folder for certificates, data and logs. The caller removes it. */
  readonly folder: string;
  readonly log: (line: string) => void;
  /** Ends the start early. */
  readonly signal: AbortSignal;
}

/** The controllers that make pods out of workloads, and what they themselves need to work. */
const CONTROLLERS = [
  'cronjob-controller',
  'deployment-controller',
  'garbage-collector-controller',
  'job-controller',
  'namespace-controller',
  'replicaset-controller',
  'root-ca-certificate-publisher-controller',
  'serviceaccount-controller',
  'statefulset-controller',
];

/** Starts the three programs one after the other. When one doesn't become ready, it ends all and throws with its log. */
export const startCluster = async ({ programs, folder, log, signal }: ClusterOptions): Promise<Cluster> => {
  const began = Date.now();
  const started: Child[] = [];
  const stop = async () => {
    for (const child of started.toReversed()) {
      await child.stop();
    }
  };
  const start = (name: string, args: readonly string[]): Child => {
    signal.throwIfAborted();
    const child = startChild({ name, command: join(programs, name), args, folder });
    started.push(child);
    return child;
  };
  try {
    const servers = await startServers(folder, start);
    log(`the test cluster is up after ${((Date.now() - began) / 1000).toFixed(1)} s`);
    return { ...servers, stop };
  } catch (error) {
    await stop();
    throw error;
  }
};

type Start = (name: string, args: readonly string[]) => Child;

const startServers = async (folder: string, start: Start): Promise<Omit<Cluster, 'stop'>> => {
  const [etcdPort = 0, peerPort = 0, apiPort = 0] = await freePorts(3);
  const etcd = `http://127.0.0.1:${etcdPort}`;
  const url = `https://127.0.0.1:${apiPort}`;
  const keys = await writeKeys(join(folder, 'keys'), url);
  const { callers, configuration, staticManifests } = await writeCallers(join(folder, 'callers'));
  const api = createApi({ url, ...keys.admin });
  try {
    await startEtcd(start, { folder, url: etcd, peer: `http://127.0.0.1:${peerPort}` });
    const admission = ['--admission-control-config-file', configuration];
    const server = start('kube-apiserver', [...apiServerFlags(keys.folder, etcd, apiPort), ...admission]);
    await until('the API server is ready', () => api.get('/readyz'), { timeout: 90_000, check: alive(server) });
    await startControllers(start, keys.folder, api);
  } finally {
    api.close();
  }
  return { access: { url, ...keys.admin }, callers, staticManifests };
};

const startEtcd = async (start: Start, at: { folder: string; url: string; peer: string }): Promise<void> => {
  const etcd = start('etcd', [
    ...['--name', 'default', '--data-dir', join(at.folder, 'etcd'), '--unsafe-no-fsync', '--log-level', 'warn'],
    ...['--listen-client-urls', at.url, '--advertise-client-urls', at.url],
    ...['--listen-peer-urls', at.peer, '--initial-advertise-peer-urls', at.peer],
    ...['--initial-cluster', `default=${at.peer}`],
  ]);
  const healthy = async () => ((await fetch(`${at.url}/health`)).ok ? true : undefined);
  await until('etcd is healthy', healthy, { check: alive(etcd) });
};

const apiServerFlags = (keys: string, etcd: string, port: number): string[] => [
  ...['--etcd-servers', etcd, '--secure-port', `${port}`],
  ...['--bind-address', '127.0.0.1', '--advertise-address', '127.0.0.1'],
  ...['--endpoint-reconciler-type', 'none'], // a loopback address is refused as an endpoint of Service kubernetes
  ...['--tls-cert-file', join(keys, 'server.crt'), '--tls-private-key-file', join(keys, 'server.key')],
  ...['--client-ca-file', join(keys, 'authority.crt')],
  ...['--service-account-issuer', 'https://kubernetes.default.svc.cluster.local'],
  ...['--service-account-key-file', join(keys, 'tokens.pub')],
  ...['--service-account-signing-key-file', join(keys, 'tokens.key')],
  ...['--authorization-mode', 'Node,RBAC', '--service-cluster-ip-range', '10.96.0.0/16'],
  ...['--allow-privileged', '--profiling=false'],
];

const startControllers = async (start: Start, keys: string, api: Api): Promise<void> => {
  const kubeconfig = join(keys, 'controllers.kubeconfig');
  const manager = start('kube-controller-manager', [
    ...['--kubeconfig', kubeconfig, '--leader-elect=false', '--use-service-account-credentials'],
    ...['--service-account-private-key-file', join(keys, 'tokens.key'), '--root-ca-file', join(keys, 'authority.crt')],
    ...['--controllers', CONTROLLERS.join(','), '--secure-port', '0', '--profiling=false'],
  ]);
  const account = '/api/v1/namespaces/default/serviceaccounts/default';
  // Without this account the API server refuses every pod of the namespace.
  await until('service account default exists', () => api.get(account), { timeout: 60_000, check: alive(manager) });
};

const alive = (child: Child): (() => void) => {
  return () => {
    const ended = child.ended();
    if (ended === undefined) {
      return;
    }
    throw new Error(`${child.name} ended: ${ended}\n${child.log().split('\n').slice(-20).join('\n')}`);
  };
};
