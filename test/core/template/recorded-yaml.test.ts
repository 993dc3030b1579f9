// What is kept of a parsed file: the same value, the same places, the same template.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, test } from 'vitest';
import { compileTemplate, type RecordedTemplate, recordTemplate } from '../../../core/template/compile.ts';
import { parseYaml, type ValuePath } from '../../../core/template/parse.ts';
import { type RecordedYaml, recordYaml, replayYaml } from '../../../core/template/recorded-yaml.ts';
import { faultOf, templateText } from './template-text.ts';

/** Through JSON, as it travels. */
const travelled = (text: string): RecordedYaml =>
  JSON.parse(JSON.stringify(recordYaml(parseYaml(text, 'a.yaml')))) as RecordedYaml;

const ODD = `# a comment
a: {b: [1, two, {c: null}], "d/e~f": ''}
__proto__: {polluted: true}
"": [[], {}]
list:
  - |
    text
  -   deep: [x]
`;

const PARAMETERS = 'parameters: {type: object, additionalProperties: false, properties: {}}\n';

const PATHS: readonly ValuePath[] = [
  [],
  ['a'],
  ['a', 'b', 1],
  ['a', 'b', 2, 'c'],
  ['a', 'd/e~f'],
  ['__proto__', 'polluted'],
  ['', 1],
  ['list', 1, 'deep', 0],
  ['list', 1, 'nowhere', 'at', 'all'],
  ['list', 7],
  ['constructor', 'name'],
  ['a', 'b', 'length'],
];

test('value and places are those of the text', () => {
  const parsed = parseYaml(ODD, 'a.yaml');
  const replayed = replayYaml(travelled(ODD), 'a.yaml');
  expect(replayed.value).toEqual(parsed.value);
  expect(Object.keys(replayed.value as object)).toEqual(Object.keys(parsed.value as object));
  for (const path of PATHS) {
    expect(replayed.placeOf(path), JSON.stringify(path)).toEqual(parsed.placeOf(path));
  }
});

test.each(['', '{}', 'null', '[]', '# nothing\n'])('so are those of %j', (text) => {
  const parsed = parseYaml(text, 'a.yaml');
  const replayed = replayYaml(travelled(text), 'a.yaml');
  expect(replayed.value).toEqual(parsed.value);
  expect(replayed.placeOf(['a'])).toEqual(parsed.placeOf(['a']));
});

/** A template through JSON. */
const recorded = (text: string): RecordedTemplate =>
  JSON.parse(JSON.stringify(recordTemplate('t', text))) as RecordedTemplate;

describe('a template', () => {
  it.each(['vault_agent', 'vault_env', 'talend_vsi'])('of %s compiles to the same', (system) => {
    const text = readFileSync(join('policies', system, 'template.yaml'), 'utf8');
    const [one, other] = [compileTemplate('t', text), compileTemplate('t', recorded(text))];
    const parameters = ({ parameters: { byName } }: typeof one) => JSON.stringify([...byName]);
    expect(parameters(other)).toBe(parameters(one));
  });

  it('renders the same pieces, with the same lines', () => {
    const text = templateText(`${PARAMETERS}pod: {add: {spec: {volumes: [{name: a, emptyDir: {}}]}}}`);
    const render = (source: string | RecordedTemplate) => compileTemplate('t', source).bind({}).render({});
    expect(render(recorded(text))).toEqual(render(text));
    expect(JSON.stringify(render(text))).toContain('"line":6');
  });

  it('that does not compile is not recorded', () => {
    const text = templateText(`${PARAMETERS}pod: {add: {spec: {volumes: [{name: "\${nowhere}", emptyDir: {}}]}}}`);
    const [one, other] = [compileTemplate, recordTemplate].map((call) => faultOf(() => call('t', text)));
    expect(one?.message).toContain('nowhere');
    expect([other?.message, other?.at]).toEqual([one?.message, one?.at]);
  });

  it('holds the configuration to its parameters at once, and to what only a decision may give', () => {
    const user = 'securityContext: {runAsUser: {$eval: user}}';
    const text =
      templateText(`parameters: {type: object, additionalProperties: false, properties: {user: {type: integer, minimum: 1, maximum: 9}, size: {type: integer}}}
pod: {add: {spec: {containers: [{name: a, image: a, ${user}}]}}}`);
    expect(recorded(text).emitted).toEqual(['user']);
    for (const layer of [{ user: 1 }, { size: 'x' }, { nowhere: 1 }]) {
      const [one, other] = [text, recorded(text)].map((source) =>
        faultOf(() => compileTemplate('t', source).bind(layer)),
      );
      expect([other?.code, other?.message]).toEqual(['template.parameter', one?.message]);
    }
    const render = (source: string | RecordedTemplate) => compileTemplate('t', source).bind({}).render({ user: 7 });
    expect(render(recorded(text))).toEqual(render(text));
  });
});
