// podgraft inject with facts: recorded, looked up, and neither.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { ensureBundle } from '../../scripts/policy/ensure-bundle.ts';
import { pullSecret, startKubernetes } from '../runtimes/node/facts/fake-kubernetes.ts';
import { type Contents, putImage, startRegistry } from '../runtimes/node/facts/fake-registry.ts';
import { scratchFolder } from '../runtimes/node/scratch-folder.ts';
import { type Ran, runCli } from './fake-terminal.ts';

beforeAll(() => ensureBundle());

const podOf = (image: string, namespace = 'shop'): string => `apiVersion: v1
kind: Pod
metadata:
  name: web
  namespace: ${namespace}
  annotations:
    vault.security.banzaicloud.io/vault-addr: https://vault:8200
spec:
  containers:
    - name: app
      image: ${image}
      env:
        - name: A
          value: vault:kv/data/a#b
      envFrom:
        - secretRef:
            name: creds
`;

const inject = (
  stdin: string,
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<Ran> => runCli(['inject', '-f', '-', ...args], { stdin, environment });

const KEY = 'vault_env/image/app:1';

describe('recorded facts', () => {
  const withFacts = async (text: string): Promise<Ran> => {
    const file = join(await scratchFolder(), 'facts.yaml');
    writeFileSync(file, text);
    const ran = await inject(podOf('app:1'), ['--facts', file]);
    return { ...ran, stderr: ran.stderr.replaceAll(file, 'facts.yaml') };
  };

  test.each([
    ['in YAML', `${KEY}:\n  entrypoint: [/recorded]\n  command: []\n`],
    ['in JSON', JSON.stringify({ [KEY]: { entrypoint: ['/recorded'], command: [] }, unused: {} })],
  ])('%s are replayed', async (_, text) => {
    const { code, stdout, stderr } = await withFacts(text);
    expect(stderr).toBe('');
    expect(code).toBe(0);
    expect(stdout).toContain('- /recorded');
  });

  test('that are errors deny as a lookup would', async () => {
    const { code, stderr } = await withFacts(`${KEY}: {error: {code: not_found, message: it went away}}`);
    expect(code).toBe(3);
    expect(stderr).toContain('it went away');
  });

  test.each([
    ['that lack a key', 'other: {}', `the policy asks for "${KEY}", and facts.yaml does not hold it (facts.unknown)`],
    ['that are a list', '[]', 'facts.yaml:1:1: the file is not a map of keys to facts (facts.invalid)'],
    ['with a text for a fact', `a: {}\n${KEY}: app`, 'facts.yaml:2:1 '],
    ['with half an error', `${KEY}: {error: {code: not_found}}`, '(facts.invalid)'],
    ['that are no YAML', 'a: [', '(facts.yaml)'],
    ['with a key twice', 'a: {}\na: {}', '(facts.yaml)'],
    ['that are empty', '', '(input.empty)'],
  ])('%s are refused', async (_, text, message) => {
    const { code, stdout, stderr } = await withFacts(text);
    expect(stderr).toContain(message);
    expect(code).toBe(1);
    expect(stdout).toBe('');
  });

  test('that are not there are refused', async () => {
    const { code, stderr } = await inject(podOf('app:1'), ['--facts', '/nowhere/facts.yaml']);
    expect(stderr).toContain('/nowhere/facts.yaml: it cannot be read (there is no such file)');
    expect(code).toBe(1);
  });
});

describe('lookups', () => {
  const world = async () => {
    const contents: Contents = {};
    putImage(contents, 'team/app', { Entrypoint: ['/looked/up'] }, '1');
    const registry = await startRegistry({ contents });
    const api = await startKubernetes({});
    const folder = await scratchFolder();
    writeFileSync(join(folder, 'ca.pem'), registry.ca);
    const environment = { PODGRAFT_KUBECONFIG: api.kubeconfig, PODGRAFT_REGISTRIES: registry.host };
    const config = join(folder, 'config.yaml');
    const server = `server:\n  registryCaFile: ${join(folder, 'ca.pem')}\n`;
    writeFileSync(config, `apiVersion: podgraft.dev/v1alpha1\nkind: Configuration\n${server}`);
    return {
      registry,
      api,
      environment,
      config,
      recorded: join(folder, 'facts.yaml'),
      image: `${registry.host}/team/app:1`,
    };
  };

  test('ask registries, by the settings of the file and of the environment', async () => {
    const { environment, config, image } = await world();
    const ran = await inject(podOf(image), ['--lookup', '--config', config], environment);
    expect(ran).toMatchObject({ code: 0, stderr: '' });
    expect(ran.stdout).toContain('- /looked/up');
  });

  test('log in with the file of the settings, which is read strictly', async () => {
    const { api, image } = await world();
    const contents: Contents = {};
    putImage(contents, 'team/app', { Entrypoint: ['/looked/up'] }, '1');
    const registry = await startRegistry({ contents, login: 'basic', users: { op: 'pw' } });
    const folder = await scratchFolder();
    const [ca, logins] = [join(folder, 'ca.pem'), join(folder, 'config.json')];
    writeFileSync(ca, registry.ca);
    const environment = {
      PODGRAFT_KUBECONFIG: api.kubeconfig,
      PODGRAFT_REGISTRIES: registry.host,
      PODGRAFT_REGISTRY_CA_FILE: ca,
      PODGRAFT_REGISTRY_CONFIG_FILE: logins,
    };
    writeFileSync(logins, JSON.stringify({ auths: { [registry.host]: { username: 'op', password: 'pw' } } }));
    const ran = await inject(podOf(`${registry.host}/team/app:1`), ['--lookup'], environment);
    expect(ran).toMatchObject({ code: 0, stderr: '' });
    expect(ran.stdout).toContain('- /looked/up');
    writeFileSync(logins, '{}');
    const broken = await inject(podOf(image), ['--lookup'], environment);
    expect(broken.code).toBe(1);
    expect(broken.stderr).toContain('(facts.logins)');
  });

  test('are recorded, and replayed without asking anybody', async () => {
    const { environment, config, image, recorded, registry } = await world();
    const first = await inject(podOf(image), ['--record-facts', recorded, '--config', config], environment);
    expect(first).toMatchObject({ code: 0, stderr: '' });
    expect(readFileSync(recorded, 'utf8')).toBe(
      `# Facts, recorded by podgraft inject --record-facts.\nvault_env/image/${image}:\n  entrypoint:\n    - /looked/up\n  command: []\n`,
    );
    const asked = registry.asked.length;
    expect(await inject(podOf(image), ['--facts', recorded, '--config', config])).toEqual(first);
    expect(registry.asked).toHaveLength(asked);
  });

  test('find what is not recorded', async () => {
    const { environment, config, image, recorded, registry } = await world();
    writeFileSync(recorded, '{"other": {}}');
    const args = ['--facts', recorded, '--lookup', '--config', config];
    expect((await inject(podOf(image), args, environment)).stdout).toContain('- /looked/up');
    expect(registry.asked).not.toEqual([]);
  });

  test('of two namespaces are recorded together only where they agree', async () => {
    const { environment, config, image, recorded } = await world();
    const two = (name: string): string => `${podOf(name)}---\n${podOf(name, 'bank')}`;
    const args = ['--record-facts', recorded, '--config', config];
    expect((await inject(two(image), args, environment)).code).toBe(0);

    const contents: Contents = {};
    putImage(contents, 'app', { Entrypoint: ['/private'] }, '1');
    const locked = await startRegistry({ contents, login: 'basic', users: { ann: 'pw' } });
    const api = await startKubernetes({
      'shop/serviceaccounts/default': { imagePullSecrets: [{ name: 'pull' }] },
      'shop/secrets/pull': pullSecret({ [locked.host]: 'ann:pw' }),
    });
    const elsewhere = {
      PODGRAFT_KUBECONFIG: api.kubeconfig,
      PODGRAFT_REGISTRIES: locked.host,
      PODGRAFT_REGISTRY_CA_FILE: join(await scratchFolder(), 'ca.pem'),
    };
    writeFileSync(elsewhere.PODGRAFT_REGISTRY_CA_FILE, locked.ca);
    const ran = await inject(two(`${locked.host}/app:1`), args, elsewhere);
    expect(ran.code).toBe(1);
    expect(ran.stderr).toContain(`"vault_env/image/${locked.host}/app:1" has two answers`);
  });

  test('that fail say why', async () => {
    const { environment, config, registry } = await world();
    const ran = await inject(podOf(`${registry.host}/gone:1`), ['--lookup', '--config', config], environment);
    expect(ran.code).toBe(3);
    expect(ran.stderr).toContain(`${registry.host} has no such image of gone`);
  });

  test('cannot be recorded where no file can be', async () => {
    const { environment, config, image } = await world();
    const ran = await inject(podOf(image), ['--record-facts', '/nowhere/facts.yaml', '--config', config], environment);
    expect(ran).toMatchObject({ code: 1, stdout: '' });
    expect(ran.stderr).toContain('/nowhere/facts.yaml: the facts cannot be written (ENOENT) (facts.record)');
  });
});

test('without either, the denial names the flags', async () => {
  const { code, stderr } = await inject(podOf('app:1'), []);
  expect(code).toBe(3);
  expect(stderr).toContain('nothing is looked up without --lookup or --facts');
});
