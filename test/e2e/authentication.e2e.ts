// A real API server says who it is: by token, password, certificate, service account token and path.
import { randomBytes } from 'node:crypto';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setDefaultCACertificates } from 'node:tls';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fetchKeys } from '../../runtimes/fetch-keys.ts';
import type { Api } from '../../scripts/cluster/api.ts';
import { type Authority, createAuthority } from '../../scripts/cluster/certificate.ts';
import { freePorts } from '../../scripts/cluster/free-port.ts';
import { until } from '../../scripts/cluster/until.ts';
import { createInDryRun, type Verdict } from './dry-run.ts';
import { basicConfiguration } from './harness.ts';
import { type PodgraftServer, startPodgraft } from './podgraft-server.ts';
import { connect, ensureNamespace, readAccess, readCallers, runFolder } from './test-cluster.ts';
import { registerWebhook, selectedBy } from './webhook-configuration.ts';

const pod = {
  metadata: {
    name: 'app',
    annotations: { 'vault.hashicorp.com/agent-inject': 'true', 'vault.hashicorp.com/role': 'app' },
  },
  spec: { containers: [{ name: 'app', image: 'registry.example/app:1' }] },
};

const ISSUER = 'https://kubernetes.default.svc.cluster.local';
const ACCOUNT = { namespace: 'authentication-callers', name: 'podgraft-caller' };

const secret = (): string => randomBytes(32).toString('hex');

let api: Api;
let authority: Authority;
beforeAll(async () => {
  api = connect();
  authority = await createAuthority('podgraft-e2e-authentication');
});
afterAll(() => api?.close());

/** Files that podgraft reads, to be changed while it runs. */
const createFiles = () => {
  const folder = mkdtempSync(join(runFolder(), 'authentication-'));
  return (name: string, text: string): string => {
    writeFileSync(join(folder, name), text, { mode: 0o600 });
    return join(folder, name);
  };
};

interface Setup {
  readonly name: string;
  readonly port: number;
  readonly path?: string;
  readonly authentication: readonly string[];
}

interface Standing {
  readonly podgraft: PodgraftServer;
  readonly create: () => Promise<Verdict>;
  readonly end: () => Promise<void>;
}

/** Starts podgraft on a port and registers it there, failing closed, for one namespace. */
const setUp = async ({ name, port, path, authentication }: Setup): Promise<Standing> => {
  const podgraft = await startPodgraft({
    certificate: await authority.issueServer('podgraft'),
    authority: authority.certificate,
    configuration: basicConfiguration,
    port,
    authentication: [...authentication, '--reload-interval', '1s', '--log-level', 'trace'],
  });
  const unregister = await registerWebhook(api, {
    name,
    url: podgraft.url,
    authority: authority.certificate,
    changes: { failurePolicy: 'Fail' },
    ...(path === undefined ? {} : { path }),
  });
  await ensureNamespace(api, name, { labels: selectedBy(name) });
  return {
    podgraft,
    create: () => createInDryRun(api, name, pod),
    end: async () => {
      await unregister();
      await podgraft.stop();
    },
  };
};

const isInjected = ({ pod: stored }: Verdict): boolean =>
  stored?.spec?.containers.some(({ name }) => name === 'vault-agent') ?? false;

const untilInjected = (create: Standing['create']): Promise<Verdict> =>
  until('a pod is injected', async () => {
    const verdict = await create();
    return isInjected(verdict) ? verdict : undefined;
  });

const untilRefused = (create: Standing['create']): Promise<string> =>
  until('a pod is refused', async () => (await create()).refused);

/** The log is written in batches. */
const untilLogged = (podgraft: PodgraftServer, text: string): Promise<true> =>
  until(`podgraft logs ${text}`, async () => (podgraft.log().includes(text) ? true : undefined));

/** What a user is told of a webhook that does not know the API server: that, and nothing of podgraft's reasons. */
const NOT_KNOWN = /failed calling webhook .*: the server has asked for the client to provide credentials$/;

describe('the API server is known', () => {
  test('by the bearer token of its admission kubeconfig, as soon as that is accepted', async () => {
    const { port, token } = readCallers().token;
    const file = createFiles();
    const tokens = file('tokens', `${secret()}\n`);
    const authentication = ['--tokens-file', tokens];
    const { create, podgraft, end } = await setUp({ name: 'by-token', port, authentication });
    try {
      expect(await untilRefused(create)).toMatch(NOT_KNOWN);
      file('tokens', `${secret()}\n${token}\n`);
      await untilInjected(create);
      await untilLogged(podgraft, '"code":"auth.token"');
      await untilLogged(podgraft, '"caller":"token"');
      expect(podgraft.log()).not.toContain(token);
    } finally {
      await end();
    }
  });

  test('by name and password', async () => {
    const { port, user, password } = readCallers().password;
    const file = createFiles();
    const passwords = file('passwords', `${user}:${secret()}\n`);
    const authentication = ['--passwords-file', passwords];
    const { create, podgraft, end } = await setUp({ name: 'by-password', port, authentication });
    try {
      expect(await untilRefused(create)).toMatch(NOT_KNOWN);
      file('passwords', `${user}:${password}\n`);
      await untilInjected(create);
      await untilLogged(podgraft, '"code":"auth.password"');
      await untilLogged(podgraft, `"caller":"password ${user}"`);
      expect(podgraft.log()).not.toContain(password);
    } finally {
      await end();
    }
  });

  test('by its client certificate, and no longer when the authority goes', async () => {
    const caller = readCallers().certificate;
    const file = createFiles();
    const other = await createAuthority('podgraft-other-callers');
    const authentication = [
      ...['--client-authority-file', file('ca.crt', caller.authority)],
      ...['--client-names', `CN:${caller.name}`],
    ];
    const { create, podgraft, end } = await setUp({ name: 'by-certificate', port: caller.port, authentication });
    try {
      await untilInjected(create);
      await untilLogged(podgraft, `"caller":"certificate CN:${caller.name}"`);
      file('ca.crt', other.certificate);
      expect(await untilRefused(create)).toMatch(NOT_KNOWN);
      await untilLogged(podgraft, '"code":"auth.certificate"');
      file('ca.crt', `${other.certificate}\n${caller.authority}`);
      await untilInjected(create);
    } finally {
      await end();
    }
  });

  test('by a service account token that it signed itself', async () => {
    const { port, file: tokenFile } = readCallers().tokenFile;
    const subject = `system:serviceaccount:${ACCOUNT.namespace}:${ACCOUNT.name}`;
    await ensureNamespace(api, ACCOUNT.namespace, { accounts: [ACCOUNT.name] });
    writeFileSync(tokenFile, await tokenFor('podgraft'));
    const keys = createFiles()('keys.json', await publicKeys());
    const authentication = [
      ...['--jwt-issuer', ISSUER, '--jwt-audiences', 'podgraft', '--jwt-subjects', subject, '--jwt-keys-file', keys],
    ];
    const { create, podgraft, end } = await setUp({ name: 'by-jwt', port, authentication });
    try {
      await untilInjected(create);
      await untilLogged(podgraft, `"caller":"jwt ${subject}"`);
      expect(podgraft.log()).not.toContain('eyJ');
    } finally {
      await end();
    }
  });

  test('by a path that nobody else knows; whoever makes a pod hears it when podgraft is down', async () => {
    const [port = 0] = await freePorts(1);
    const [known, other] = [secret(), secret()];
    const file = createFiles();
    const authentication = ['--path-secrets-file', file('paths', other)];
    const { create, podgraft, end } = await setUp({ name: 'by-path', port, path: `/mutate/${known}`, authentication });
    try {
      const refused = await untilRefused(create);
      expect(refused).toMatch(NOT_KNOWN);
      expect(refused).not.toContain(known);
      file('paths', `${other}\n${known}\n`);
      await untilInjected(create);
      await untilLogged(podgraft, '"caller":"path"');
      expect(podgraft.log()).not.toContain(known);
      // docs/authentication.md warns of this: it is the API server that tells.
      await podgraft.stop();
      expect(await untilRefused(create)).toContain(`/mutate/${known}`);
    } finally {
      await end();
    }
  });

  test('and without credentials it is a stranger, who hears of nothing but that', async () => {
    const [port = 0] = await freePorts(1);
    const authentication = ['--tokens-file', createFiles()('tokens', secret())];
    const { create, podgraft, end } = await setUp({ name: 'by-nothing', port, authentication });
    try {
      expect(await untilRefused(create)).toMatch(NOT_KNOWN);
      await untilLogged(podgraft, '"code":"auth.missing"');
    } finally {
      await end();
    }
  });
});

/** Asks the API server for its keys, as podgraft does by discovery, once everybody may see them. */
const publicKeys = async (): Promise<string> => {
  await api.post('/apis/rbac.authorization.k8s.io/v1/clusterrolebindings', {
    metadata: { name: 'discovery-for-all' },
    roleRef: {
      apiGroup: 'rbac.authorization.k8s.io',
      kind: 'ClusterRole',
      name: 'system:service-account-issuer-discovery',
    },
    subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'Group', name: 'system:unauthenticated' }],
  });
  const access = readAccess();
  setDefaultCACertificates([access.authority]);
  return until('the keys are there for everybody', () => fetchKeys(`${access.url}/openid/v1/jwks`));
};

const tokenFor = async (audience: string): Promise<string> => {
  const { namespace, name } = ACCOUNT;
  const { status } = await api.post<{ status: { token: string } }>(
    `/api/v1/namespaces/${namespace}/serviceaccounts/${name}/token`,
    { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', spec: { audiences: [audience] } },
  );
  return status.token;
};
