// Generators of hostile input: values that break texts, shells, JSON, paths, numbers and pointers.
import fc from 'fast-check';
import type { JsonObject, JsonValue } from '../../core/index.ts';

/** Texts that something, somewhere, once read as more than text. */
export const hostileText = fc.oneof(
  fc.constantFrom(
    '',
    ' ',
    'true',
    'TRUE',
    'yes',
    '0',
    '1',
    '-1',
    '99999999999999999999',
    'NaN',
    '1e400',
    'null',
    '[]',
    '{}',
    '"',
    "'",
    '`id`',
    '$(id)',
    '$(VAULT_CONFIG)',
    '$$(x)',
    '${x}',
    '{{ with secret "x" }}',
    'a\nb',
    'a\r\nb',
    '\u0000',
    '\u2028',
    '; rm -rf /',
    '&& true',
    '../../etc/passwd',
    '/etc/passwd',
    '//',
    'a/../../b',
    '__proto__',
    'constructor',
    '~0~1',
    'a,b,,c',
    ', ,',
    '<!--',
    '\ud83d\ude00',
    '1Ki',
    '1e3m',
    '5s',
    '[{"op":"add","path":"/env/-","value":{"name":"X"}}]',
    '[{"op":"replace","path":"","value":{"name":"x"}}]',
    '[{"op":"add","path":"/__proto__/x","value":1}]',
    '[{"op":"remove","path":"/name"}]',
  ),
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.string({ maxLength: 400 }),
  fc.integer({ min: 1000, max: 20_000 }).map((length) => 'x'.repeat(length)),
);

const SUFFIXES = [
  'agent-inject',
  'agent-inject-status',
  'agent-request-namespace',
  'agent-init-first',
  'agent-pre-populate',
  'agent-pre-populate-only',
  'agent-inject-containers',
  'agent-image',
  'agent-configmap',
  'agent-extra-secret',
  'agent-copy-volume-mounts',
  'agent-share-process-namespace',
  'agent-service-account-token-volume-name',
  'agent-json-patch',
  'agent-init-json-patch',
  'service',
  'proxy-address',
  'namespace',
  'role',
  'auth-type',
  'auth-path',
  'auth-config-x',
  'auth-config-role',
  'auth-config-token-path',
  'auth-min-backoff',
  'auth-max-backoff',
  'agent-auto-auth-exit-on-err',
  'tls-skip-verify',
  'tls-secret',
  'tls-server-name',
  'ca-cert',
  'ca-key',
  'client-cert',
  'client-key',
  'client-max-retries',
  'client-timeout',
  'go-max-procs',
  'log-level',
  'log-format',
  'agent-revoke-on-shutdown',
  'agent-revoke-grace',
  'agent-inject-token',
  'agent-cache-enable',
  'agent-cache-use-auto-auth-token',
  'agent-cache-listener-port',
  'agent-cache-exit-on-err',
  'agent-enable-quit',
  'agent-disable-idle-connections',
  'agent-disable-keep-alives',
  'agent-telemetry-prefix_filter',
  'agent-telemetry-disable_hostname',
  'agent-telemetry-__proto__',
  'agent-inject-default-template',
  'template-config-exit-on-retry-failure',
  'template-static-secret-render-interval',
  'template-max-connections-per-host',
  'template-lease-renewal-threshold',
  'agent-limits-cpu',
  'agent-limits-mem',
  'agent-limits-ephemeral',
  'agent-requests-cpu',
  'agent-requests-mem',
  'agent-requests-ephemeral',
  'agent-run-as-user',
  'agent-run-as-group',
  'agent-run-as-same-user',
  'agent-set-security-context',
  'agent-inject-secret-db',
  'agent-inject-secret-../x',
  'agent-inject-secret-__proto__',
  'agent-inject-template-db',
  'agent-inject-template-file-db',
  'agent-template-left-delim-db',
  'agent-template-right-delim-db',
  'agent-inject-command-db',
  'agent-inject-file-db',
  'agent-inject-perms-db',
  'secret-volume-path',
  'secret-volume-path-db',
  'error-on-missing-key-db',
  'preserve-secret-case',
  'preserve-secret-case-db',
] as const;

/** Annotations that ask for injection, most of them with odd values. */
export const hostileAnnotations: fc.Arbitrary<JsonObject> = fc
  .record({
    wanted: fc.boolean(),
    odd: fc.dictionary(
      fc.constantFrom(...SUFFIXES).map((suffix) => `vault.hashicorp.com/${suffix}`),
      hostileText,
      {
        maxKeys: 12,
      },
    ),
    other: fc.dictionary(hostileText, hostileText, { maxKeys: 3 }),
  })
  .map(({ wanted, odd, other }) => ({
    ...other,
    ...odd,
    ...(wanted ? { 'vault.hashicorp.com/agent-inject': 'true', 'vault.hashicorp.com/role': 'r' } : {}),
  }));

const scrap: fc.Arbitrary<JsonValue> = fc.oneof(
  fc.constantFrom<JsonValue>(null, true, false, 0, -1, 1e308, '', [], {}, [null], { a: null }, { __proto__: null }),
  hostileText,
  fc.jsonValue({ maxDepth: 3 }) as fc.Arbitrary<JsonValue>,
);

const name = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom('app', 'web', 'db', 'vault-agent') },
  { weight: 1, arbitrary: hostileText },
);

const container = fc.record(
  {
    name,
    image: fc.constant('app:1'),
    env: fc.array(fc.record({ name, value: hostileText }), { maxLength: 3 }),
    volumeMounts: fc.array(
      fc.record({
        name,
        mountPath: fc.oneof(fc.constant('/var/run/secrets/kubernetes.io/serviceaccount'), hostileText),
      }),
      { maxLength: 3 },
    ),
    securityContext: fc.record({ runAsUser: fc.integer() }),
  },
  { requiredKeys: ['name'] },
);

/** A pod that is well-formed, however odd. */
export const hostilePod: fc.Arbitrary<JsonObject> = fc.record({
  apiVersion: fc.constant('v1'),
  kind: fc.constant('Pod'),
  metadata: fc.record({ name, annotations: hostileAnnotations }) as unknown as fc.Arbitrary<JsonObject>,
  spec: fc.record(
    {
      containers: fc.array(container, { maxLength: 3 }),
      initContainers: fc.array(container, { maxLength: 2 }),
      volumes: fc.array(fc.record({ name }), { maxLength: 3 }),
      shareProcessNamespace: fc.boolean(),
    },
    { requiredKeys: ['containers'] },
  ) as unknown as fc.Arbitrary<JsonObject>,
});

/** Replaces one value, anywhere in it, by another of any type. */
export const misshapen = (value: fc.Arbitrary<JsonObject>): fc.Arbitrary<JsonValue> =>
  fc
    .tuple(value, fc.array(fc.nat(20), { minLength: 1, maxLength: 6 }), scrap)
    .map(([whole, path, odd]) => replaceAt(whole, path, odd));

const replaceAt = (value: JsonValue, [step, ...rest]: readonly number[], odd: JsonValue): JsonValue => {
  if (step === undefined || typeof value !== 'object' || value === null || Object.keys(value).length === 0) {
    return odd;
  }
  const keys = Object.keys(value);
  const key = keys[step % keys.length] as string;
  if (Array.isArray(value)) {
    return value.map((item: JsonValue, index) => (String(index) === key ? replaceAt(item, rest, odd) : item));
  }
  const entries = Object.entries(value).map(([other, item]) => [
    other,
    other === key ? replaceAt(item as JsonValue, rest, odd) : item,
  ]);
  return Object.fromEntries(entries) as JsonObject;
};
