// Pods as they come to a webhook: with containers of their own, and with what other webhooks have put in before.
import fc from 'fast-check';
import type { JsonObject } from '../../core/index.ts';
import type { Wish } from './wish.ts';

const TOKEN = {
  name: 'kube-api-access-x7k2p',
  readOnly: true,
  mountPath: '/var/run/secrets/kubernetes.io/serviceaccount',
};

const TOKEN_VOLUME = {
  name: TOKEN.name,
  projected: { defaultMode: 420, sources: [{ serviceAccountToken: { expirationSeconds: 3607, path: 'token' } }] },
};

/** What one other webhook leaves in a pod. */
interface Sidecar {
  readonly containers?: readonly JsonObject[];
  readonly initContainers?: readonly JsonObject[];
  readonly volumes?: readonly JsonObject[];
  readonly annotations?: JsonObject;
}

const MESH: Sidecar = {
  annotations: { 'sidecar.istio.io/status': '{"initContainers":["istio-init"],"containers":["istio-proxy"]}' },
  initContainers: [{ name: 'istio-init', image: 'proxyv2', args: ['istio-iptables', '-p', '15001'], env: [] }],
  containers: [
    {
      name: 'istio-proxy',
      image: 'proxyv2',
      args: ['proxy', 'sidecar', '--domain', '$(POD_NAMESPACE).svc'],
      env: [
        { name: 'POD_NAMESPACE', valueFrom: { fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.namespace' } } },
        { name: 'POD_IP', valueFrom: { fieldRef: { apiVersion: 'v1', fieldPath: 'status.podIP' } } },
      ],
      ports: [{ name: 'http-envoy-prom', containerPort: 15090, protocol: 'TCP' }],
      readinessProbe: { httpGet: { path: '/healthz/ready', port: 15021 } },
      volumeMounts: [
        { name: 'istio-token', mountPath: '/var/run/secrets/tokens' },
        { name: 'istio-envoy', mountPath: '/etc/istio/proxy' },
        TOKEN,
      ],
    },
  ],
  volumes: [
    { name: 'istio-envoy', emptyDir: { medium: 'Memory' } },
    { name: 'istio-token', projected: { sources: [{ serviceAccountToken: { audience: 'istio-ca', path: 'token' } }] } },
  ],
};

const NATIVE_MESH: Sidecar = {
  initContainers: [
    { name: 'linkerd-init', image: 'proxy-init', args: ['--incoming-proxy-port', '4143'] },
    {
      name: 'linkerd-proxy',
      image: 'proxy',
      restartPolicy: 'Always',
      env: [{ name: '_pod_sa', valueFrom: { fieldRef: { fieldPath: 'spec.serviceAccountName' } } }],
      ports: [{ containerPort: 4143, name: 'linkerd-proxy' }],
      lifecycle: { postStart: { exec: { command: ['/usr/lib/linkerd/linkerd-await', '--timeout=2m'] } } },
      volumeMounts: [{ name: 'linkerd-identity', mountPath: '/var/run/linkerd/identity' }, TOKEN],
    },
  ],
  volumes: [{ name: 'linkerd-identity', emptyDir: { medium: 'Memory' } }],
};

const LOGS: Sidecar = {
  containers: [
    {
      name: 'fluent-bit',
      image: 'fluent-bit:3',
      command: ['/fluent-bit/bin/fluent-bit'],
      volumeMounts: [{ name: 'logs', mountPath: '/var/log/app', readOnly: true }],
    },
  ],
  volumes: [{ name: 'logs', emptyDir: {} }],
};

const SIDECARS = [MESH, NATIVE_MESH, LOGS];

const variable = fc.constantFrom('HOME', 'PORT', 'LOG_LEVEL', 'größe').map((name) => ({ name, value: `$(${name}) x` }));
const mount = fc.constantFrom('/data', '/etc/config', '/vault/data').map((mountPath) => ({ name: 'data', mountPath }));

const container = (name: string) =>
  fc.record(
    {
      name: fc.constant(name),
      image: fc.constant(`${name}:1`),
      command: fc.constantFrom(['/srv/run'], ['sh', '-c', 'exec "$0" $(PORT)'], ['/srv/"quoted"', 'a b']),
      args: fc.constantFrom([], ['--port', '$(PORT)']),
      env: fc.uniqueArray(variable, { selector: (item) => item.name, maxLength: 3 }),
      volumeMounts: fc
        .uniqueArray(mount, { selector: (item) => item.mountPath, maxLength: 2 })
        .map((mounts) => [...mounts, TOKEN]),
      ports: fc.constantFrom([], [{ containerPort: 8080 }]),
      lifecycle: fc.constant({ preStop: { exec: { command: ['/srv/stop'] } } }),
    },
    { requiredKeys: ['name', 'image', 'command', 'volumeMounts'] },
  );

/** A pod that asks for all of some wishes. */
export const podWith = (asked: readonly Wish[]): fc.Arbitrary<JsonObject> =>
  fc
    .record({
      apps: fc.constantFrom(['web'], ['web', 'worker']).chain((names) => fc.tuple(...names.map(container))),
      init: fc.constantFrom([], ['migrate']).chain((names) => fc.tuple(...names.map(container))),
      before: fc.subarray(SIDECARS),
      named: fc.boolean(),
    })
    .map(({ apps, init, before, named }) => ({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: {
        ...(named ? { name: 'web-0' } : { generateName: 'web-' }),
        labels: Object.assign({ app: 'web' }, ...asked.map(({ labels }) => labels)) as JsonObject,
        annotations: Object.assign(
          { 'example.com/kept': 'yes' },
          ...before.map(({ annotations }) => annotations),
          ...asked.map(({ annotations }) => annotations),
        ) as JsonObject,
      },
      spec: {
        serviceAccountName: 'shop',
        containers: [
          ...apps.map((app, index) => (index === 0 ? withVariables(app, asked) : app)),
          ...before.flatMap(({ containers = [] }) => containers),
        ] as JsonObject[],
        initContainers: [...before.flatMap(({ initContainers = [] }) => initContainers), ...init] as JsonObject[],
        volumes: [
          { name: 'data', persistentVolumeClaim: { claimName: 'data' } },
          ...before.flatMap(({ volumes = [] }) => volumes),
          TOKEN_VOLUME,
        ],
      },
    }));

const withVariables = (app: object, asked: readonly Wish[]): object => ({
  ...app,
  env: [...('env' in app ? (app.env as JsonObject[]) : []), ...asked.flatMap(({ variables = [] }) => variables)],
});
