// What is kept of a parsed file: the same value, the same places, the same template.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, test } from 'vitest';
import { compileTemplate } from '../../../core/template/compile.ts';
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

describe('a template', () => {
  it.each(['vault_agent', 'vault_env', 'talend_vsi'])('of %s compiles to the same', (system) => {
    const text = readFileSync(join('policies', system, 'template.yaml'), 'utf8');
    const [one, other] = [compileTemplate('t', text), compileTemplate('t', travelled(text))];
    const parameters = ({ parameters: { byName } }: typeof one) => JSON.stringify([...byName]);
    expect(parameters(other)).toBe(parameters(one));
  });

  it('renders the same pieces, with the same lines', () => {
    const text = templateText(`${PARAMETERS}pod: {add: {spec: {volumes: [{name: a, emptyDir: {}}]}}}`);
    const render = (source: string | RecordedYaml) => compileTemplate('t', source).bind({}).render({});
    expect(render(travelled(text))).toEqual(render(text));
    expect(JSON.stringify(render(text))).toContain('"line":6');
  });

  it('is refused at the same place', () => {
    const text = templateText(`${PARAMETERS}pod: {add: {spec: {volumes: [{name: "\${nowhere}", emptyDir: {}}]}}}`);
    const [one, other] = [text, travelled(text)].map((source) => faultOf(() => compileTemplate('t', source)));
    expect(one?.message).toContain('nowhere');
    expect([other?.message, other?.at]).toEqual([one?.message, one?.at]);
  });
});
