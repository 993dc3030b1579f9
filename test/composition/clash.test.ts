import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../core/index.ts';
import { createReviewPod } from './review.ts';
import { systems, type Wish, wishes } from './wish.ts';

const review = createReviewPod();

const wish = (system: string, name: string): Wish => {
  const found = wishes.find((item) => item.system === system && item.name === name);
  if (found === undefined) {
    throw new Error(`no wish ${system} ${name}`);
  }
  return found;
};

const TOKEN = { name: 'token', mountPath: '/var/run/secrets/kubernetes.io/serviceaccount' };

const podOf = (asked: readonly Wish[], spec: JsonObject = {}, app: JsonObject = {}): JsonObject => ({
  metadata: {
    name: 'web',
    labels: Object.assign({}, ...asked.map(({ labels }) => labels)) as JsonObject,
    annotations: Object.assign({}, ...asked.map(({ annotations }) => annotations)) as JsonObject,
  },
  spec: {
    containers: [
      {
        name: 'web',
        command: ['/srv/web'],
        env: asked.flatMap(({ variables = [] }) => variables),
        volumeMounts: [TOKEN],
        ...app,
      },
    ],
    volumes: [{ name: 'token', emptyDir: {} }],
    ...spec,
  },
});

const denialOf = async (object: JsonObject): Promise<string> => {
  const reviewed = await review(systems, object);
  // Where a template says something moves; the rest of the message is for users.
  return 'denied' in reviewed ? reviewed.denied.replaceAll(/, templates\/\w+\/template\.yaml:\d+/g, '') : 'injected';
};

describe('systems against each other', () => {
  test.each([
    [
      'a port',
      [wish('vault_agent', 'listener'), wish('talend_vsi', 'proxy')],
      'vault_agent (template vault-agent) takes port 8200/TCP, but talend_vsi (template talend-vsi) already has it',
    ],
    [
      'the command of a container',
      [wish('talend_vsi', 'environment'), wish('vault_env', 'reference')],
      'vault_env (template vault-env) sets what the container "web" runs, but talend_vsi (template talend-vsi) does so already',
    ],
    [
      'the name of a container',
      [wish('vault_agent', 'sidecar'), wish('vault_env', 'login agent')],
      'vault_env (template vault-env) adds container "vault-agent", but vault_agent (template vault-agent) already has it with another value',
    ],
    [
      'a mount path',
      [wish('vault_agent', 'sidecar'), wish('vault_env', 'agent')],
      'vault_env (template vault-env) adds mount "/vault/secrets", but vault_agent (template vault-agent) already has it with another value',
    ],
  ])('%s', async (_, asked, message) => {
    expect(await denialOf(podOf(asked))).toBe(message);
  });

  test('a variable', async () => {
    const named = { 'vault-csi.podgraft.dev/env-VAULT_ADDR': 'shop-db#address' };
    const csi = wish('vault_csi', 'class');
    const asked = [wish('vault_env', 'reference'), { ...csi, annotations: { ...csi.annotations, ...named } }];
    expect(await denialOf(podOf(asked))).toBe(
      'vault_env (template vault-env) sets variable "VAULT_ADDR", but vault_csi (template vault-csi) already has it with another value',
    );
  });

  test('two mounts that an annotation brings to one path', async () => {
    const csi = wish('vault_csi', 'class');
    const path = { 'vault-csi.podgraft.dev/mount-path': '/vault/secrets' };
    const asked = [wish('vault_agent', 'sidecar'), { ...csi, annotations: { ...csi.annotations, ...path } }];
    expect(await denialOf(podOf(asked))).toBe(
      'vault_csi (template vault-csi) adds mount "/vault/secrets", but vault_agent (template vault-agent) already has it with another value',
    );
  });

  test('denials of several systems are joined', async () => {
    const agent = wish('vault_agent', 'sidecar');
    const csi = wish('vault_csi', 'class');
    const asked = [
      { ...agent, annotations: { ...agent.annotations, 'vault.hashicorp.com/role': '' } },
      { ...csi, annotations: { ...csi.annotations, 'vault-csi.podgraft.dev/mount-path': 'x' } },
    ];
    const message = await denialOf(podOf(asked));
    expect(message).toMatch(/no Vault role found; annotation "vault-csi\.podgraft\.dev\/mount-path" is not the full/);
  });
});

describe('a system against the pod', () => {
  const listener = wish('vault_agent', 'listener');
  const csi = wish('vault_csi', 'class');

  test.each([
    [
      'a port that a container declares',
      podOf([listener], {}, { ports: [{ containerPort: 8200 }] }),
      'vault_agent (template vault-agent) takes port 8200/TCP, but the pod\'s container "web" already has it',
    ],
    [
      'a volume',
      podOf([csi], {
        volumes: [
          { name: 'token', emptyDir: {} },
          { name: 'vault-csi', emptyDir: {} },
        ],
      }),
      'vault_csi (template vault-csi) adds volume "vault-csi", but the pod already has it with another value',
    ],
    [
      'a mount',
      podOf([csi], {}, { volumeMounts: [{ name: 'token', mountPath: '/mnt/secrets-store/' }] }),
      'vault_csi (template vault-csi) adds mount "/mnt/secrets-store", but the pod already has it with another value',
    ],
    [
      'a variable',
      podOf([csi], {}, { env: [{ name: 'DB_PASSWORD', value: 'x' }] }),
      'vault_csi (template vault-csi) adds variable "DB_PASSWORD", but the pod already has it with another value',
    ],
    [
      'a container',
      podOf([listener], { initContainers: [{ name: 'vault-agent', command: ['x'] }] }),
      'vault_agent (template vault-agent) adds container "vault-agent", but the pod already has it with another value',
    ],
  ])('%s', async (_, object, message) => {
    expect(await denialOf(object)).toBe(message);
  });
});

describe('a pod that an original has injected', () => {
  test.each([
    ['vault_agent', 'sidecar', { 'vault.hashicorp.com/agent-inject-status': 'injected' }, {}],
    ['talend_vsi', 'dynamic', { 'sidecar.vault.talend.org/status': 'injected' }, {}],
    ['vault_env', 'reference', {}, { volumes: [{ name: 'vault-env', emptyDir: { medium: 'Memory' } }] }],
    ['vault_env', 'reference', {}, { volumes: [{ name: 'secret-init', emptyDir: { medium: 'Memory' } }] }],
  ])('%s leaves it alone', async (system, name, annotations, spec) => {
    const asked = wish(system, name);
    const object = podOf([{ ...asked, annotations: { ...asked.annotations, ...annotations } }], spec);
    expect(await review(systems, object)).toMatchObject({ operations: 0 });
  });
});
