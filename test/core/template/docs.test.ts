// Runs every example of docs/templates.md.
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { Fault } from '../../../core/errors.ts';
import { isObject, type JsonObject, type JsonValue, own } from '../../../core/json.ts';
import { compileTemplate } from '../../../core/template/compile.ts';
import { parseYaml } from '../../../core/template/parse.ts';
import type { Piece, Rendered } from '../../../core/template/rendered.ts';
import { evaluator } from './evaluate.ts';
import { faultOf } from './template-text.ts';

interface Block {
  readonly kind: string;
  readonly line: number;
  readonly text: string;
}

const page = readFileSync(new URL('../../../docs/templates.md', import.meta.url), 'utf8');

const blocks: readonly Block[] = [...page.matchAll(/^```(.*)\n([\s\S]*?)^```$/gm)].map(
  ({ 1: kind = '', 2: text = '', index }) => ({
    kind,
    line: page.slice(0, index).split('\n').length,
    text,
  }),
);

const KINDS = ['template', 'value', 'declared', 'parameters', 'result', 'refused'].map((kind) => `yaml ${kind}`);

const read = (text: string): JsonValue => parseYaml(text, 'docs/templates.md').value;

const readMap = (text: string): JsonObject => {
  const value = read(text);
  if (!isObject(value)) {
    throw new Error('the block is not a map');
  }
  return value;
};

const HEADER = 'apiVersion: podgraft.dev/v1alpha1\nkind: InjectionTemplate\nmetadata: {name: example}\nspec:\n';

const compile = (text: string) =>
  compileTemplate('t', text.startsWith('apiVersion') ? text : HEADER + text.replaceAll(/^(?=.)/gm, '  '));

const describePieces = (pieces: readonly Piece[]): readonly JsonObject[] =>
  pieces.map(({ verb, path, value }) => ({ [`${verb} ${path.join('.')}`]: value }));

const describeResult = ({ order, pod, containers }: Rendered, wanted: JsonObject): JsonObject => ({
  ...(own(wanted, 'order') === undefined ? {} : { order }),
  ...(pod.length === 0 ? {} : { pod: describePieces(pod) }),
  ...(containers.length === 0
    ? {}
    : {
        containers: Object.fromEntries(containers.map(({ container, pieces }) => [container, describePieces(pieces)])),
      }),
});

/** The blocks that belong to the one at an index: up to its result. */
const follow = (index: number): { readonly parameters: JsonObject; readonly result: string } => {
  const [next, last] = blocks.slice(index + 1, index + 3);
  if (next?.kind === 'yaml result') {
    return { parameters: {}, result: next.text };
  }
  if (next?.kind === 'yaml parameters' && last?.kind === 'yaml result') {
    return { parameters: readMap(next.text), result: last.text };
  }
  throw new Error('an example needs a result');
};

describe('docs/templates.md', () => {
  test('has examples, and no block that is not run', () => {
    expect(blocks.map(({ kind }) => kind).filter((kind) => ![...KINDS, 'text message'].includes(kind))).toEqual([]);
    expect(blocks.filter(({ kind }) => kind === 'yaml template').length).toBeGreaterThan(8);
    expect(blocks.filter(({ kind }) => kind === 'yaml value').length).toBeGreaterThan(7);
  });

  for (const [index, { kind, line, text }] of blocks.entries()) {
    switch (kind) {
      case 'yaml template':
        test(`line ${line}: a template`, () => {
          const { parameters, result } = follow(index);
          const wanted = readMap(result);
          expect(describeResult(compile(text).bind({}).render(parameters), wanted)).toEqual(wanted);
        });
        break;
      case 'yaml value':
        test(`line ${line}: a value`, () => {
          const { parameters, result } = follow(index);
          const declared = readMap(blocks.find((block) => block.kind === 'yaml declared')?.text ?? '');
          const given = declared as { properties: JsonObject; required: readonly string[] };
          expect(evaluator(read(text), given)(parameters)).toEqual(read(result));
        });
        break;
      case 'yaml refused':
        test(`line ${line}: refused`, () => {
          expect(describeFault(faultOf(() => compile(text)))).toBe(blocks[index + 1]?.text.trim());
        });
        break;
    }
  }
});

/** Lines and columns are those of the block: the header and its indentation are taken off. */
const describeFault = ({ at, message, code }: Fault): string => {
  const line = (at?.line ?? 0) - HEADER.split('\n').length + 1;
  return `${line}:${(at?.column ?? 0) - 2} ${message} (${code})`;
};
