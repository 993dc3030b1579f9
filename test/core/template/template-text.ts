// Writes templates for tests.
import { Fault } from '../../../core/errors.ts';
import type { JsonObject } from '../../../core/json.ts';
import { compileTemplate } from '../../../core/template/compile.ts';
import type { Rendered } from '../../../core/template/rendered.ts';

const HEADER = `apiVersion: podgraft.dev/v1alpha1
kind: InjectionTemplate
metadata: {name: example}
spec:
`;

/** A whole template from the sections of its `spec`, each line of which is indented by two blanks. */
export const templateText = (spec: string): string =>
  HEADER +
  spec
    .replace(/^\n+/, '')
    .split('\n')
    .map((line) => (line.trim() === '' ? '' : `  ${line}`))
    .join('\n');

/** Renders a template with nothing from configuration. */
export const render = (spec: string, parameters: JsonObject = {}, layer: JsonObject = {}): Rendered =>
  compileTemplate('test.yaml', templateText(spec)).bind(layer).render(parameters);

/** The pieces as `verb path value`, for comparing. */
export const pieces = ({ pod }: Rendered): readonly unknown[] =>
  pod.map(({ verb, path, value }) => [verb, path.join('.'), value]);

/** What was thrown. */
export const faultOf = (action: () => unknown): Fault => {
  try {
    action();
  } catch (thrown) {
    if (thrown instanceof Fault) {
      return thrown;
    }
    throw thrown;
  }
  throw new Error('nothing was thrown');
};

/** Compiles a template in which `@@` marks where a fault is expected. */
export const refusal = (text: string): { readonly fault: Fault; readonly line: number; readonly column: number } => {
  const offset = text.indexOf('@@');
  if (offset < 0) {
    throw new Error('no mark @@ in the text');
  }
  const before = text.slice(0, offset).split('\n');
  const fault = faultOf(() => compileTemplate('test.yaml', text.replace('@@', '')));
  return { fault, line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
};
