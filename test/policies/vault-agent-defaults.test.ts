import { beforeAll, expect, test } from 'vitest';
import { type Injector, isObject, type JsonObject, own } from '../../core/index.ts';
import { configuredInjector } from '../configured-injector.ts';
import { ownAnswer } from '../golden/answer.ts';
import { type GoldenCase, readGoldenCases, requestBody } from '../golden/golden-case.ts';

const PREFIX = 'vault.hashicorp.com/';

/** What only a pod can say, and the one annotation whose presence alone says something. */
const KEPT =
  /^(agent-inject|agent-inject-status|agent-request-namespace|agent-set-security-context)$|^(agent-inject-(secret|template|file|perms|command)|agent-template-(left|right)-delim|error-on-missing-key|preserve-secret-case|secret-volume-path)-/;

/** A pod's annotations, sorted into those that it keeps and the configuration that says the rest. */
interface Parted {
  readonly kept: JsonObject;
  readonly section: { defaults: JsonObject; authConfig: JsonObject; telemetry: JsonObject };
}

const part = (annotations: JsonObject): Parted => {
  const kept: Record<string, string> = {};
  const section: Record<'defaults' | 'authConfig' | 'telemetry', Record<string, string>> = {
    defaults: {},
    authConfig: {},
    telemetry: {},
  };
  for (const [key, text] of Object.entries(annotations)) {
    const name = key.slice(PREFIX.length);
    const [, list = '', rest = ''] = /^(auth-config|agent-telemetry)-(.*)$/.exec(name) ?? [];
    if (!key.startsWith(PREFIX) || KEPT.test(name)) {
      kept[key] = String(text);
    } else if (list === '') {
      section.defaults[name] = String(text);
    } else {
      section[list === 'auth-config' ? 'authConfig' : 'telemetry'][rest] = String(text);
    }
  }
  return { kept, section };
};

const annotationsOf = ({ request }: GoldenCase): JsonObject => {
  const metadata = own(request.object ?? {}, 'metadata');
  const annotations = isObject(metadata) ? own(metadata, 'annotations') : undefined;
  return isObject(annotations) ? annotations : {};
};

const withAnnotations = (golden: GoldenCase, annotations: JsonObject): GoldenCase => {
  const object = golden.request.object ?? {};
  const metadata = { ...(own(object, 'metadata') as JsonObject), annotations };
  return { ...golden, request: { ...golden.request, object: { ...object, metadata } } };
};

const createUnder = (section: JsonObject): Promise<Injector> => configuredInjector({ vault_agent: section });

const specFrom = async (injector: Injector, golden: GoldenCase): Promise<unknown> => {
  const answer = ownAnswer(golden, (await injector.review(requestBody(golden))).response, (pod) => pod);
  return isObject(answer.pod) ? own(answer.pod, 'spec') : answer;
};

const cases = readGoldenCases('vault-k8s').filter(
  ({ id, response }) => /^(auth|cache-and-config|random-mix)\//.test(id) && response.allowed,
);
let shipped: Injector;

beforeAll(async () => {
  shipped = await createUnder({});
});

test.each(cases)('a default does what the annotation does: $id', async (golden) => {
  const { kept, section } = part(annotationsOf(golden));
  const configured = await createUnder(section);
  expect(await specFrom(configured, withAnnotations(golden, kept))).toEqual(await specFrom(shipped, golden));
});
