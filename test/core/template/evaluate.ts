// Evaluates one value of the template language, outside any Pod.

import { isObject, type JsonObject, type JsonValue } from '../../../core/json.ts';
import { buildForm } from '../../../core/template/build.ts';
import type { Form } from '../../../core/template/form.ts';
import { createMark, variableForm } from '../../../core/template/forms.ts';
import { MAX_RENDERED } from '../../../core/template/frame.ts';
import { layParameters, readParameters, type Values } from '../../../core/template/parameters.ts';
import { parseYaml } from '../../../core/template/parse.ts';
import { createRefuse } from '../../../core/template/refuse.ts';
import { compileRender } from '../../../core/template/render.ts';

interface Given {
  /** Schemas of the parameters; those that are not named in `required` are optional. */
  readonly properties: JsonObject;
  readonly required?: readonly string[];
  readonly fragments?: JsonObject;
}

/** Compiles a value; what it returns gives it parameters. */
export const evaluator = (
  value: JsonValue,
  { properties, required = Object.keys(properties), fragments = {} }: Given,
): ((parameters: JsonObject) => JsonValue | undefined) => {
  const refuse = createRefuse(() => ({ file: 'value.yaml', line: 1, column: 1 }));
  const owner = { file: 'value.yaml', template: 'value' };
  const schema = { type: 'object', additionalProperties: false, required, properties };
  const parameters = readParameters(schema, { ...owner, refuse });
  const mark = createMark(refuse);
  const names = new Map<string, Form>();
  for (const { name, slot, required: isRequired, shape } of parameters.byName.values()) {
    const variable = { name, slot, roots: new Set([name]) };
    names.set(name, variableForm(mark, variable, { shape, optional: !isRequired, at: [name] }));
  }
  let slots = parameters.byName.size;
  const building = { mark, refuse, fragments, parameters: names, takeSlot: () => slots++, onUse: () => {} };
  const form = buildForm(value, { building, at: [], scope: { names, facts: new Set(), using: [] } });
  const render = compileRender(form, undefined);
  return (given) => {
    const values: Values = new Array(slots).fill(undefined);
    layParameters(values, given, { parameters, owner });
    return render({ values, left: MAX_RENDERED });
  };
};

/** Reads YAML that is a map. */
export const yaml = (text: string): JsonObject => {
  const { value } = parseYaml(text, 'test.yaml');
  if (!isObject(value)) {
    throw new Error('not a map');
  }
  return value;
};
