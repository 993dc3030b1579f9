// Annotations as long as the API server takes them are answered; what takes the square of the length runs into the time-out.
import { describe, expect, test } from 'vitest';
import { createTalendInjector } from './talend-vsi-pod.ts';
import { injectorWith, podOf, reviewPod } from './vault-csi-pod.ts';

/** The API server takes 256 KiB of annotations. */
const LENGTH = 240_000;

/** What is quoted, what separates, what leads somewhere, and what is put in place of something. */
const UNITS = ['"', '\\', ',', 'a,', '/', 'a/', '[', '#', '---', '<VSI_SECRETS_TEMPLATE_COMMAND_TO_RUN>'];

const ANSWERED = /^(?:injected|denied)$/;

const longOnes = UNITS.map((unit) => [unit, unit.repeat(LENGTH / unit.length)] as const);

describe('talend_vsi', async () => {
  const inject = await createTalendInjector();

  test.each([
    ['mode', {}],
    ['secrets-path', {}],
    ['secrets-destination', {}],
    ['secrets-template', { notify: 'x'.repeat(5000) }],
    ['notify', {}],
    ['vault-limits-cpu', {}],
  ])('%s', async (name, beside) => {
    for (const [unit, text] of longOnes) {
      const { response } = await inject({ annotations: { ...beside, [name]: text } });
      expect(response.uid, unit).toBe('u');
    }
  });
});

describe('vault_csi', async () => {
  const injector = await injectorWith({});
  const pathTo = (folders: number, index: number): string => `${String(index)}${'/x'.repeat(folders)}`;

  test.each(['object-b', 'secrets-destination', 'role', 'auth-path', 'containers'])('%s', async (name) => {
    for (const [unit, text] of longOnes) {
      const pod = podOf({ role: 'shop', 'object-a': 'kv/a', [name]: text });
      expect((await reviewPod(injector, pod)).outcome, unit).toMatch(ANSWERED);
    }
  });

  test.each([
    ['many entries', 3000, 0],
    ['deep entries', 60, 1900],
  ])('objects: %s', async (_, count, folders) => {
    const entries = Array.from({ length: count }, (__, index) => ({
      objectName: pathTo(folders, index),
      secretPath: 'kv/a',
      secretArgs: { index },
    }));
    const pod = podOf({ role: 'shop', objects: JSON.stringify(entries) });
    expect((await reviewPod(injector, pod)).outcome).toMatch(ANSWERED);
  });
});
