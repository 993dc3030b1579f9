import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { AdmissionResponseReview } from '../../core/index.ts';
import { createApp, createInjector, isObject, type JsonObject, type JsonValue, own } from '../../core/index.ts';
import { applyPatch } from '../../core/patch/apply.ts';
import { decodePatch } from '../golden/answer.ts';
import { podReview, podReviewBody } from '../pod-review.ts';
import { testBundle } from '../test-bundle.ts';
import { hostilePod, misshapen } from './hostile.ts';

/** A part runs with every test; `npm run fuzz` runs all 100,000. */
const RUNS = Number(process.env['PODGRAFT_FUZZ_RUNS'] ?? 3000);
const SEED = Number(process.env['PODGRAFT_FUZZ_SEED'] ?? 20_261_121);
const LIMIT = 60_000 + RUNS * 10;

const injector = await createInjector({ bundle: await testBundle() });
const app = createApp({ injector: () => injector });

const send = async (body: string | Uint8Array<ArrayBuffer>): Promise<Response> =>
  app.request(
    new Request('http://podgraft/mutate', { method: 'POST', body, headers: { 'content-type': 'application/json' } }),
  );

const settings = (share: number): fc.Parameters<unknown> => ({
  numRuns: Math.ceil(RUNS * share),
  seed: SEED,
});

/** What must hold after any request: the next plain one is answered as ever. */
const plain = JSON.stringify(podReview({ metadata: { name: 'x' }, spec: { containers: [] } }));
const expectAlive = async (): Promise<void> => {
  const response = await send(plain);
  expect(response.status).toBe(200);
  expect(await response.json()).toMatchObject({ response: { uid: 'u', allowed: true } });
};

describe(`a fuzz of ${RUNS} requests`, () => {
  test(
    'bytes of any kind are a 4xx',
    async () => {
      const bytes = fc.uint8Array({ maxLength: 200 }).map((array) => new Uint8Array(array));
      await fc.assert(
        fc.asyncProperty(bytes, async (body) => {
          expect((await send(body)).status).toBe(400);
        }),
        settings(0.1),
      );
      await expectAlive();
    },
    LIMIT,
  );

  test(
    'a review with bytes changed, cut or doubled is a 4xx or answered',
    async () => {
      const damage = fc.tuple(hostilePod, fc.nat(), fc.nat(255), fc.constantFrom('flip', 'cut', 'double'));
      await fc.assert(
        fc.asyncProperty(damage, async ([pod, at, byte, how]) => {
          const body = podReviewBody(pod);
          const place = at % body.byteLength;
          if (how === 'flip') {
            body[place] = byte;
          }
          const sent = how === 'cut' ? body.slice(0, place) : body;
          const whole = how === 'double' ? Uint8Array.from([...sent, ...sent.slice(place)]) : sent;
          expect([200, 400]).toContain((await send(whole)).status);
        }),
        settings(0.2),
      );
      await expectAlive();
    },
    LIMIT,
  );

  test(
    'a review with a value of another type anywhere is a 4xx, or answered',
    async () => {
      await fc.assert(
        fc.asyncProperty(misshapen(hostilePod.map((pod) => podReview(pod))), async (body) => {
          expect([200, 400]).toContain((await send(JSON.stringify(body))).status);
        }),
        settings(0.2),
      );
      await expectAlive();
    },
    LIMIT,
  );

  test(
    'a well-formed pod is answered, and no value of it becomes structure',
    async () => {
      await fc.assert(
        fc.asyncProperty(hostilePod, async (pod) => {
          const response = await send(JSON.stringify(podReview(pod)));
          expect(response.status).toBe(200);
          expectOwnStructure(pod, (await response.json()) as AdmissionResponseReview);
        }),
        settings(0.5),
      );
      await expectAlive();
    },
    LIMIT,
  );
});

const COMMANDS = [['/bin/sh', '-ec']];
const SCRIPTS = [
  'echo ${VAULT_CONFIG?} | base64 -d > /home/vault/config.json && vault agent -config=/home/vault/config.json',
  'touch /home/vault/.vault-token && vault agent -config=/vault/configs/config.hcl',
  'touch /home/vault/.vault-token && vault agent -config=/vault/configs/config-init.hcl',
];

/** What is added is what the template says, whatever the annotations hold. */
const expectOwnStructure = (pod: JsonObject, answer: AdmissionResponseReview): void => {
  const operations = decodePatch(answer);
  const annotations = own(own(pod, 'metadata') as JsonObject, 'annotations') as JsonObject;
  const isPatchedFreely = Object.keys(annotations).some((key) => key.endsWith('-json-patch'));
  const patched = applyPatch(pod, operations) as JsonObject;
  expect(Object.getPrototypeOf(patched)).toBe(Object.prototype);
  for (const container of isPatchedFreely ? [] : addedContainers(operations)) {
    expect(COMMANDS).toContainEqual(own(container, 'command'));
    expect(SCRIPTS).toContain((own(container, 'args') as readonly string[])[0]);
    expect(Object.keys(container).every((key) => CONTAINER_KEYS.includes(key))).toBe(true);
    expectConfig(container);
  }
};

const CONTAINER_KEYS = [
  'name',
  'image',
  'command',
  'args',
  'env',
  'resources',
  'volumeMounts',
  'lifecycle',
  'securityContext',
];

const CONFIG_KEYS = [
  'auto_auth',
  'exit_after_auth',
  'pid_file',
  'vault',
  'template',
  'listener',
  'cache',
  'template_config',
  'disable_idle_connections',
  'disable_keep_alives',
  'telemetry',
];

const addedContainers = (operations: readonly JsonObject[]): readonly JsonObject[] =>
  operations
    .filter((operation) => /^\/spec\/(initContainers|containers)(\/(-|\d+))?$/.test(String(own(operation, 'path'))))
    .flatMap((operation) => own(operation, 'value') as JsonObject | readonly JsonObject[]);

const expectConfig = (container: JsonObject): void => {
  const env = own(container, 'env') as readonly JsonObject[];
  const config = env.find((variable) => own(variable, 'name') === 'VAULT_CONFIG');
  if (config === undefined) {
    return;
  }
  const value = JSON.parse(Buffer.from(String(own(config, 'value')), 'base64').toString('utf8')) as JsonValue;
  expect(isObject(value) && Object.keys(value).every((key) => CONFIG_KEYS.includes(key))).toBe(true);
};
