import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { isObject, type JsonObject, type JsonValue } from '../../core/index.ts';
import { createPolicy, type Policy } from '../../core/policy/opa.ts';
import { compileTemplate } from '../../core/template/compile.ts';
import { compileSchema } from '../../core/template/schema.ts';
import { readGoldenCases, requestBody } from '../golden/golden-case.ts';
import { testBundle } from '../test-bundle.ts';

interface Row {
  readonly kind: string;
  readonly parameter?: string;
}

interface Properties {
  readonly properties: Readonly<Record<string, JsonObject>>;
}

const read = (path: string): string => readFileSync(new URL(`../../policies/${path}`, import.meta.url), 'utf8');
const readYaml = <T>(path: string): T => parse(read(path)) as T;
const readJson = (path: string): JsonObject => JSON.parse(read(path)) as JsonObject;

const tables = readYaml<{
  readonly annotations: Readonly<Record<string, Row>>;
  readonly parse_order: readonly string[];
  readonly telemetry: Readonly<Record<string, string>>;
}>('vault_agent/tables.yaml');
const codes = readYaml<Readonly<Record<string, string>>>('vault_agent/codes.yaml');
const template = compileTemplate('template.yaml', read('vault_agent/template.yaml'));

/** What only a pod itself can say. */
const NO_DEFAULT = ['agent-inject', 'agent-inject-status', 'agent-request-namespace'];

/** How a telemetry type of the table reads in a schema. */
const SCHEMA_TYPES: Readonly<Record<string, string>> = { number: 'integer' };

describe('the tables agree with what they feed', () => {
  const annotations = Object.entries(tables.annotations);

  test('each annotation that decides a parameter alone names one of the template', () => {
    const named = annotations.flatMap(([, row]) => row.parameter ?? []);
    expect(named.filter((name) => !template.parameters.byName.has(name))).toEqual([]);
    expect(new Set(named).size).toBe(named.length);
  });

  test('each annotation can have a default, those aside that only a pod can say', () => {
    const { properties } = readJson('vault_agent/config.schema.json') as unknown as Properties;
    const defaults = Object.keys((properties['defaults'] as unknown as Properties).properties);
    const known = Object.keys(tables.annotations).filter((key) => !NO_DEFAULT.includes(key));
    expect(defaults.toSorted()).toEqual(known.toSorted());
  });

  test('what is parsed in order has a grammar', () => {
    const kinds = tables.parse_order.map((key) => tables.annotations[key]?.kind);
    expect(kinds.filter((kind) => !['bool', 'integer', 'unsigned', 'float', 'template'].includes(kind ?? ''))).toEqual(
      [],
    );
  });

  test('the telemetry stanza has the same fields in the table and in the template', () => {
    const { properties } = template.parameters.schema as unknown as Properties;
    const stanza = (properties['telemetry'] as unknown as Properties).properties;
    const declared = Object.entries(stanza).map(([name, { type }]) => [name, type]);
    expect(Object.fromEntries(declared)).toEqual(
      Object.fromEntries(Object.entries(tables.telemetry).map(([name, type]) => [name, SCHEMA_TYPES[type] ?? type])),
    );
  });

  test('the page tells of every annotation', () => {
    const page = read('vault_agent/README.md');
    expect(Object.keys(tables.annotations).filter((key) => !page.includes(`\`${key}\``))).toEqual([]);
  });
});

describe('the answers have the shape that the schemas state', () => {
  const checkDecision = compileSchema(readJson('schemas/decision.json'));
  const checkConfiguration = compileSchema(readJson('schemas/configuration.json'));
  let policy: Policy;

  beforeAll(async () => {
    const { module, data } = await testBundle();
    policy = await createPolicy({ module, data });
  });

  test('the decision about every recorded case, its codes with a sentence each', async () => {
    for (const golden of readGoldenCases('vault-k8s')) {
      if (!isObject(golden.request.object)) {
        continue;
      }
      const decision = (await policy.evaluate(requestBody(golden), 'podgraft/decision')) as JsonObject;
      expect(checkDecision(decision), golden.id).toEqual([]);
      expect(
        codesOf(decision).filter((code) => codes[code] === undefined),
        golden.id,
      ).toEqual([]);
    }
  });

  test('what follows from the shipped configuration', async () => {
    const answer = (await policy.evaluate({}, 'podgraft/configuration')) as JsonObject;
    expect(checkConfiguration(answer)).toEqual([]);
    expect(answer['vault_agent']).toMatchObject({ errors: [], doubts: [] });
  });

  test('a decision that says too much is noticed', async () => {
    expect(checkDecision({ injections: [] }).length).toBeGreaterThan(0);
    expect(checkConfiguration({ vault_agent: { errors: [{ path: 'x' }] } }).length).toBeGreaterThan(0);
  });
});

const codesOf = (decision: JsonObject): readonly string[] =>
  ['injections', 'denials', 'skips']
    .flatMap((part) => decision[part] as readonly { readonly [key: string]: JsonValue }[])
    .filter(({ system }) => system === 'vault_agent')
    .map(({ code, reason }) => String(code ?? reason));
