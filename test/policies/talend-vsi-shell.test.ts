// The shell in the containers of talend_vsi, run with programs that write down how they were called.
import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type JsonObject, own } from '../../core/index.ts';
import { containerOf } from './pod-part.ts';
import { commandOf, createTalendInjector, variablesOf } from './talend-vsi-pod.ts';

let inject: Awaited<ReturnType<typeof createTalendInjector>>;
beforeAll(async () => {
  inject = await createTalendInjector({ hook: { timeoutSeconds: 3 } });
});

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'podgraft-tvsi-'));
  for (const folder of [
    'bin',
    'tmp',
    'opt/talend/tvsi',
    'opt/talend/secrets',
    'var/run/secrets/kubernetes.io/serviceaccount',
  ]) {
    mkdirSync(join(root, folder), { recursive: true });
  }
  program('sleep', 'exec /bin/sleep 0.05');
  program('vault', 'echo "vault $* token=$VAULT_TOKEN namespace=$VAULT_NAMESPACE" >> "$LOG"');
  program('docker-entrypoint.sh', 'echo "agent $*" >> "$LOG"; printf secret-token > "$ROOT/tmp/vault-token"');
});
afterEach(() => rmSync(root, { recursive: true }));

const program = (name: string, script: string): void => {
  writeFileSync(join(root, 'bin', name), `#!/bin/sh\n${script}\n`);
  chmodSync(join(root, 'bin', name), 0o755);
};

const log = (): readonly string[] => {
  const file = join(root, 'log');
  return existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : [];
};

/** A container's folders, moved below the test's own. */
const moved = (text: string): string => text.replaceAll(/(?<![\w/.])\/(tmp|opt\/talend|var\/run)\//g, `${root}/$1/`);

const environment = (more: Readonly<Record<string, string>>): Record<string, string> => ({
  ...more,
  PATH: `${join(root, 'bin')}:/usr/bin:/bin`,
  ROOT: root,
  LOG: join(root, 'log'),
});

interface Ran {
  readonly status: number | null;
  readonly stderr: string;
}

const run = (words: readonly string[], variables: Readonly<Record<string, string>> = {}): Ran => {
  const [shell = '', ...args] = words.map(moved);
  const { status, stderr } = spawnSync(shell, args, { env: environment(variables), encoding: 'utf8', timeout: 20_000 });
  return { status, stderr };
};

const injected = async (name: string, annotations: Readonly<Record<string, string>> = {}): Promise<JsonObject> =>
  containerOf((await inject({ annotations })).pod, name);

describe('the init container', () => {
  const start = async (): Promise<Ran> => {
    const container = await injected('tvsi-vault-agent-init', { 'secrets-type': 'static', 'vault-namespace': 'admin' });
    return run(commandOf(container), variablesOf(container));
  };

  test('fetches once and gives its token back', async () => {
    expect(await start()).toEqual({ status: 0, stderr: '' });
    expect(log()).toEqual([
      `agent agent -config=${root}/tmp/vault-agent.json -exit-after-auth`,
      'vault token revoke -self token=secret-token namespace=admin',
    ]);
    const config = JSON.parse(readFileSync(join(root, 'tmp/vault-agent.json'), 'utf8')) as JsonObject;
    expect(Object.keys(config)).toEqual(['auto_auth', 'template']);
  });

  test('fails when the agent does, whatever comes after', async () => {
    program('docker-entrypoint.sh', 'exit 7');
    expect((await start()).status).toBe(7);
    expect(log()).toEqual([]);
  });

  test('does not fail for a token that cannot be revoked, and says so', async () => {
    program('vault', 'exit 2');
    expect(await start()).toEqual({ status: 0, stderr: 'the token could not be revoked\n' });
  });
});

describe('the sidecar', () => {
  test('becomes the agent', async () => {
    const container = await injected('tvsi-vault-agent');
    program('docker-entrypoint.sh', 'echo "$PPID" > "$ROOT/parent"; exit 5');
    expect(run(commandOf(container), variablesOf(container)).status).toBe(5);
    expect(readFileSync(join(root, 'parent'), 'utf8').trim()).toBe(String(process.pid));
  });

  test('gives its token back before it ends', async () => {
    const lifecycle = own(await injected('tvsi-vault-agent'), 'lifecycle') as {
      preStop: { exec: { command: string[] } };
    };
    writeFileSync(join(root, 'tmp/vault-token'), 'secret-token');
    expect(run(lifecycle.preStop.exec.command).status).toBe(0);
    expect(log()).toEqual(['vault token revoke -self token=secret-token namespace=']);
  });
});

describe('the sidecar of a job', () => {
  const SIGNAL = 'opt/talend/tvsi/vault-sidecars-signal-terminate';
  const AGENT = 'echo "agent $*" >> "$LOG"; printf secret-token > "$ROOT/tmp/vault-token"';

  const start = async (): Promise<{ readonly ended: Promise<number | null>; readonly kill: () => void }> => {
    const container = await injected('tvsi-vault-agent', { mode: 'job' });
    const [shell = '', ...args] = commandOf(container).map(moved);
    const child = spawn(shell, args, { env: environment(variablesOf(container)), stdio: 'ignore' });
    return { ended: new Promise((resolve) => child.on('exit', resolve)), kill: () => child.kill('SIGTERM') };
  };

  const agentStarts = (): number => log().filter((line) => line.startsWith('agent ')).length;

  test('runs until the job has ended, then gives its token back', async () => {
    program('docker-entrypoint.sh', `${AGENT}; exec /bin/sleep 20`);
    const { ended } = await start();
    await expect.poll(agentStarts).toBe(1);
    writeFileSync(join(root, SIGNAL), '');
    expect(await ended).toBe(0);
    expect(log().at(-1)).toBe('vault token revoke -self token=secret-token namespace=');
    expect(agentStarts()).toBe(1);
  });

  test('starts an agent again that has ended', async () => {
    program('docker-entrypoint.sh', AGENT);
    const { ended } = await start();
    await expect.poll(agentStarts).toBeGreaterThan(2);
    writeFileSync(join(root, SIGNAL), '');
    expect(await ended).toBe(0);
  });

  test('ends at once when the pod is deleted', async () => {
    program('docker-entrypoint.sh', `${AGENT}; exec /bin/sleep 20`);
    const { ended, kill } = await start();
    await expect.poll(agentStarts).toBe(1);
    kill();
    expect(await ended).toBe(143);
  });
});

describe('the hook', () => {
  const command = async (annotations: Readonly<Record<string, string>>): Promise<readonly string[]> => {
    const app = await injected('app', { 'secrets-hook': 'true', ...annotations });
    return (own(app, 'lifecycle') as { postStart: { exec: { command: string[] } } }).postStart.exec.command;
  };
  const secret = (name: string): void => writeFileSync(join(root, 'opt/talend/secrets', name), '');

  test('ends when every file is there', async () => {
    secret('a b');
    secret('$(touch x)*');
    const words = await command({ 'secrets-path': 'kv/a,kv/b', 'secrets-destination': 'a b,$(touch x)*' });
    expect(run(words)).toEqual({ status: 0, stderr: '' });
  });

  test('waits for a file that comes', async () => {
    program('sleep', 'touch "$ROOT/opt/talend/secrets/late"');
    expect(run(await command({ 'secrets-destination': 'late' }))).toEqual({ status: 0, stderr: '' });
  });

  test('gives up in time, and names the file', async () => {
    secret('a');
    program('sleep', 'echo slept >> "$LOG"');
    const words = await command({ 'secrets-path': 'kv/a,kv/b', 'secrets-destination': 'a,*' });
    expect(run(words)).toEqual({ status: 1, stderr: 'secret * is not there\n' });
    expect(log()).toHaveLength(3);
  });
});

const hasJq = spawnSync('sh', ['-c', 'command -v jq']).status === 0;

// The babysitter's image brings jq; there is nothing to test without it.
describe.skipIf(!hasJq)('the babysitter', () => {
  const ACCOUNT = 'var/run/secrets/kubernetes.io/serviceaccount';

  const start = async (answers: readonly object[], host = '10.0.0.1'): Promise<Ran> => {
    writeFileSync(join(root, ACCOUNT, 'token'), 'account-token');
    for (const [index, answer] of answers.entries()) {
      writeFileSync(join(root, `answer${index}`), JSON.stringify(answer));
    }
    program(
      'curl',
      `config=$(cat); echo "curl $* $config" >> "$LOG"
n=$(wc -l < "$LOG"); [ -e "$ROOT/answer$((n - 1))" ] || exit 7
cat "$ROOT/answer$((n - 1))"`,
    );
    const container = await injected('tvsi-job-babysitter', { mode: 'job' });
    return run(commandOf(container), {
      VSI_JOB_CNT_NAME: variablesOf(container)['VSI_JOB_CNT_NAME'] ?? '',
      POD_NAME: 'app',
      POD_NAMESPACE: 'shop',
      KUBERNETES_SERVICE_HOST: host,
      KUBERNETES_SERVICE_PORT: '6443',
    });
  };

  const pod = (restartPolicy: string, ...states: readonly object[]): object => ({
    spec: { restartPolicy },
    status: { containerStatuses: states.map((state, index) => ({ name: index === 0 ? 'app' : 'other', state })) },
  });
  const signalled = (): boolean => existsSync(join(root, 'opt/talend/tvsi/vault-sidecars-signal-terminate'));

  test('signals when the container has ended, and asks with the pod’s own token', async () => {
    const running = pod('Never', { running: {} }, { terminated: { exitCode: 0 } });
    expect(await start([{ spec: {}, status: {} }, running, pod('Never', { terminated: { exitCode: 3 } })])).toEqual({
      status: 0,
      stderr: '',
    });
    expect(signalled()).toBe(true);
    expect(log()).toHaveLength(3);
    expect(log()[0]).toBe(
      `curl --silent --show-error --config - --cacert ${root}/${ACCOUNT}/ca.crt https://10.0.0.1:6443/api/v1/namespaces/shop/pods/app header = "Authorization: Bearer account-token"`,
    );
  });

  test('waits for a container that will be started again', async () => {
    const failed = pod('OnFailure', { terminated: { exitCode: 1 } });
    expect((await start([failed, failed, pod('OnFailure', { terminated: { exitCode: 0 } })])).status).toBe(0);
    expect(log()).toHaveLength(3);
  });

  test('fails with the API server’s words where it may not look', async () => {
    expect(await start([{ kind: 'Status', code: 403, message: 'pods is forbidden' }])).toEqual({
      status: 1,
      stderr: 'pods is forbidden\n',
    });
    expect(signalled()).toBe(false);
  });

  test('reaches an IPv6 address', async () => {
    await start([pod('Never', { terminated: { exitCode: 0 } })], 'fd00::1');
    expect(log()[0]).toContain('https://[fd00::1]:6443/');
  });

  test('goes on after a failed request', async () => {
    writeFileSync(join(root, 'log'), 'curl\n');
    const ended = pod('Never', { terminated: { exitCode: 0 } });
    program('sleep', `printf '%s' '${JSON.stringify(ended)}' > "$ROOT/answer2"`);
    expect((await start([])).status).toBe(0);
  });
});
