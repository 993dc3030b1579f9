// The command line as such: verbs, help, wrong flags, exit codes.
import { describe, expect, test } from 'vitest';
import { runCli } from './fake-terminal.ts';

describe('help', () => {
  test.each(['', 'inject', 'migrate', 'migrate vault-k8s', 'serve', 'version'])('for "%s"', async (verb) => {
    const words = verb.split(' ').filter((word) => word !== '');
    const { code, stdout, stderr } = await runCli([...words, '--help']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain(`Usage: podgraft ${verb}`.trimEnd());
    expect(verb === 'migrate' || stdout.includes('Examples:\n  ')).toBe(true);
    expect(Math.max(...stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(125);
  });

  test('names every verb and every exit code', async () => {
    const { stdout } = await runCli(['--help']);
    expect(stdout.slice(stdout.indexOf('Options:'))).toMatchInlineSnapshot(`
      "Options:
        -V, --version     Print the version.
        -h, --help        Show help.

      Commands:
        inject [options]  inject into the pods of a manifest
        serve [options]   run the webhook
        bundle            build, sign, verify and show policy bundles
        migrate           turn another injector’s installation into a configuration
        version           print the versions
        help [verb]       Show help for a verb.

      Examples:
        podgraft inject -f deployment.yaml | kubectl apply -f -
        podgraft inject -f deployment.yaml --diff
        podgraft serve --config podgraft.yaml --listen 0.0.0.0:8443
        kubectl get deployment vault-agent-injector -o yaml | podgraft migrate vault-k8s -f -

      Exit codes:
        0  All went well.
        1  Something is wrong with an input, a configuration or a policy; no manifest was written.
        2  The command line is wrong.
        3  A pod was denied; no manifest was written.
      "
    `);
  });

  test('is shown where nothing is asked for', async () => {
    const { code, stdout, stderr } = await runCli([]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain('Usage: podgraft');
  });
});

test.each([
  [['injekt'], "unknown command 'injekt'"],
  [['inject'], "required option '-f, --filename <FILE>' not specified"],
  [['inject', '-f', 'x', '--outputt', 'json'], '(Did you mean --output?)'],
  [['inject', '-f', 'x', '-o', 'toml'], 'Allowed choices are yaml, json, patch, review, request.'],
  [['inject', '-f', 'x', '-o', 'json', '--diff'], 'cannot be used with'],
  [['inject', '-f', 'x', 'y'], 'too many arguments'],
  [['serve', '--lissten', ':1'], '(Did you mean --listen?)'],
  [['migrate', 'vault-k8s', '-f', 'x', '--env', 'a'], 'It is not NAME=VALUE.'],
  [['migrate', 'other'], "unknown command 'other'"],
])('%j is refused with code 2', async (args, message) => {
  const { code, stdout, stderr } = await runCli(args);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toMatch(/^podgraft: /);
  expect(stderr).toContain(message);
});

test.each([
  [['injekt'], '(see podgraft --help)'],
  [['inject', 'pod.yaml'], '(see podgraft inject --help)'],
  [['migrate', 'vault-k8s'], '(see podgraft migrate vault-k8s --help)'],
])('%j is pointed to the help of its verb', async (args, pointer) => {
  expect((await runCli(args)).stderr.trimEnd().split('\n').at(-1)).toBe(pointer);
});

test('version says what runs', async () => {
  const { code, stdout } = await runCli(['version']);
  expect(code).toBe(0);
  expect(stdout).toMatch(/^podgraft \d+\.\d+\.\d+\nnode \d+\.\d+\.\d+\nbundle (sha256:[0-9a-f]{64}|none)\n$/);
  expect((await runCli(['--version'])).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
});

test('serve refuses a wrong setting with code 1', async () => {
  const { code, stderr } = await runCli(['serve', '--listen', 'nowhere']);
  expect(code).toBe(1);
  expect(stderr).toContain('--listen "nowhere" is not HOST:PORT');
});
