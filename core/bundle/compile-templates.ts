// Compiles a bundle's templates and binds to each the parameters that configuration gives it.
import { Fault } from '../errors.ts';
import { isObject, type JsonObject, type JsonValue, own } from '../json.ts';
import { type BoundTemplate, compileTemplate } from '../template/compile.ts';
import type { Bundle } from './bundle.ts';

/** Finds the template that a decision names. */
export type FindTemplate = (system: string, template: string) => BoundTemplate | undefined;

/**
 * Compiles every template of a bundle.
 *
 * @param layers the parameters that follow from configuration alone: by system, then by template
 * @throws {Fault} `template.*` with file, line and column; `configuration.parameters` for a layer of no template
 */
export const compileTemplates = (bundle: Bundle, layers: ParameterLayers): FindTemplate => {
  const bound = new Map<string, Map<string, BoundTemplate>>();
  for (const { system, file, text, recorded } of bundle.templates) {
    const template = compileTemplate(file, recorded ?? text);
    const ofSystem = bound.get(system) ?? new Map<string, BoundTemplate>();
    if (ofSystem.has(template.name)) {
      const message = `the system ${system} has another template "${template.name}"`;
      throw new Fault('template.name', message, { at: { file } });
    }
    ofSystem.set(template.name, template.bind(layers.get(system)?.get(template.name) ?? {}));
    bound.set(system, ofSystem);
  }
  for (const [system, templates] of layers) {
    for (const name of templates.keys()) {
      if (bound.get(system)?.has(name) !== true) {
        throw new Fault('configuration.parameters', `the system ${system} has no template "${name}"`);
      }
    }
  }
  return (system, template) => bound.get(system)?.get(template);
};

/** Parameters by system, then by template. */
export type ParameterLayers = ReadonlyMap<string, ReadonlyMap<string, JsonObject>>;

/** Something in the configuration that is wrong, at a JSON Pointer below the system's section. */
export interface Finding {
  readonly system: string;
  readonly pointer: string;
  readonly message: string;
}

/** What follows from configuration alone. */
export interface ConfiguredLayers {
  readonly layers: ParameterLayers;
  /** Values that make the configuration unusable. */
  readonly errors: readonly Finding[];
  /** Values that a pod may still repair by its own annotations. */
  readonly doubts: readonly Finding[];
}

/**
 * Reads the layers from the configuration's own `parameters` and, over them, from what the policy's rule
 * `podgraft/configuration` makes of the rest.
 */
export const readLayers = (config: JsonObject, answer: JsonValue | undefined): ConfiguredLayers => {
  const layers = new Map<string, Map<string, JsonObject>>();
  const errors: Finding[] = [];
  const doubts: Finding[] = [];
  const answers = objectAt(answer);
  for (const system of new Set([...Object.keys(config), ...Object.keys(answers)])) {
    const given = objectAt(own(answers, system));
    const below = objectAt(own(objectAt(own(config, system)), 'parameters'));
    const over = objectAt(own(given, 'parameters'));
    const templates = new Set([...Object.keys(below), ...Object.keys(over)]);
    layers.set(
      system,
      new Map([...templates].map((name) => [name, { ...objectAt(own(below, name)), ...objectAt(own(over, name)) }])),
    );
    errors.push(...findings(system, own(given, 'errors')));
    doubts.push(...findings(system, own(given, 'doubts')));
  }
  return { layers, errors, doubts };
};

const findings = (system: string, value: JsonValue | undefined): readonly Finding[] =>
  (Array.isArray(value) ? value : []).filter(isObject).map((item) => ({
    system,
    pointer: String(own(item, 'path') ?? ''),
    message: String(own(item, 'message') ?? ''),
  }));

const objectAt = (value: JsonValue | undefined): JsonObject => (isObject(value) ? value : {});
