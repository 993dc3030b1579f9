// Compiles a template file, once, to what renders it.
import { type JsonObject, own } from '../json.ts';
import { buildForm } from './build.ts';
import { buildBlock, compileBlock, guardBlock, type RenderBlock } from './container-block.ts';
import { readDocument, type TemplateDocument } from './document.ts';
import type { Form } from './form.ts';
import { createMark, type Mark, nothingForm, variableForm } from './forms.ts';
import { type Frame, MAX_RENDERED } from './frame.ts';
import { type Guarding, guardForm } from './guard.ts';
import { compileOrder, type RenderOrder } from './order.ts';
import {
  layParameters,
  type Owner,
  type Parameters,
  parameterFault,
  readParameters,
  type Values,
} from './parameters.ts';
import { type ParsedYaml, parseYaml, type ValuePath } from './parse.ts';
import { compilePieces, type Emit } from './pieces.ts';
import { POD } from './position.ts';
import { createRefuse, type Refuse } from './refuse.ts';
import type { ContainerGraft, Piece, Rendered, Source } from './rendered.ts';
import { guardSet } from './set-guard.ts';
import type { Building, Site } from './site.ts';

/** A compiled template. */
export interface Template {
  readonly name: string;
  readonly file: string;
  readonly parameters: Parameters;
  /**
   * Lays the configuration's parameters over the schema's defaults.
   *
   * @throws {Fault} `template.parameter` for a value that the schema refuses
   */
  readonly bind: (layer: JsonObject) => BoundTemplate;
}

/** A template with the parameters that follow from configuration alone. */
export interface BoundTemplate {
  /**
   * Renders the template. What it returns may share parts with the parameters, and with what other renderings
   * return: it must not be changed.
   *
   * @param parameters the decision's, laid over the configuration's by top-level key; `null` takes one away
   * @throws {Fault} `template.parameter` for a value that the schema refuses or a parameter that is missing,
   *   `template.size` when the result grows too large
   */
  readonly render: (parameters: JsonObject) => Rendered;
}

/**
 * Compiles a template.
 *
 * @param file the name for places
 * @throws {Fault} `template.*` with file, line and column
 */
export const compileTemplate = (file: string, text: string): Template => {
  const parsed = parseYaml(text, file);
  const refuse = createRefuse(parsed.placeOf);
  const document = readDocument(parsed.value, refuse);
  const owner = { file, template: document.name };
  const parameters = readParameters(document.parameters, { file, template: document.name, refuse });
  const compiled = compileSections(document, parameters, { refuse, sourceOf: createSourceOf(file, parsed) });
  return {
    name: document.name,
    file,
    parameters,
    bind: (layer) => bindTemplate(layer, { parameters, owner, compiled }),
  };
};

interface Compiled {
  /** How many values a rendering works on: parameters and variables. */
  readonly slots: number;
  readonly order: RenderOrder;
  /** The parameters that the decision itself must give, `null` for absent. */
  readonly emitted: ReadonlySet<string>;
  readonly emits: readonly Emit[];
  readonly blocks: readonly RenderBlock[];
}

const createSourceOf =
  (file: string, { placeOf }: ParsedYaml) =>
  (at: ValuePath): Source => {
    const { line = 1, column = 1 } = placeOf(at);
    return { file, line, column };
  };

const compileSections = (
  document: TemplateDocument,
  parameters: Parameters,
  { refuse, sourceOf }: { readonly refuse: Refuse; readonly sourceOf: (at: ValuePath) => Source },
): Compiled => {
  let slots = parameters.byName.size;
  const mark = createMark(refuse);
  const names = parameterForms(mark, parameters);
  const used = new Set<string>();
  const building: Building = {
    mark,
    refuse,
    fragments: document.fragments,
    parameters: names,
    takeSlot: () => slots++,
    onUse: (fragment) => used.add(fragment),
  };
  const site = (...at: ValuePath): Site => ({ building, at, scope: { names, facts: new Set(), using: [] } });
  const set = buildSection(document.pod, 'set', site);
  const add = buildSection(document.pod, 'add', site);
  const blocks = document.containers.map((raw, index) => buildBlock(raw, site('spec', 'containers', index)));
  const order = compileOrder(document.order, site('spec', 'order'));
  const unused = Object.keys(document.fragments).find((fragment) => !used.has(fragment));
  if (unused !== undefined) {
    refuse('form', `nothing uses the fragment "${unused}"`, ['spec', 'fragments', unused]);
  }
  const guarding: Guarding = { refuse, securityRoots: new Set() };
  guardForm(set, POD, guarding);
  guardForm(add, POD, guarding);
  guardSet(set, 'pod', refuse);
  for (const block of blocks) {
    guardBlock(block, guarding);
  }
  checkPresets(parameters, guarding);
  const emits = [set, add].map((form, index) =>
    compilePieces(form, { verb: index === 0 ? 'set' : 'add', path: [], position: POD, sourceOf }),
  );
  return {
    slots,
    order,
    emitted: guarding.securityRoots,
    emits,
    blocks: blocks.map((block) => compileBlock(block, sourceOf)),
  };
};

/** What decides about rights has no default that a forgotten parameter would fall back to. */
const checkPresets = ({ byName }: Parameters, { refuse, securityRoots }: Guarding): void => {
  for (const name of securityRoots) {
    if (byName.get(name)?.preset !== undefined) {
      const message = `"${name}" is used below securityContext and can have no default; the decision must give it`;
      refuse('guard', message, ['spec', 'parameters', 'properties', name, 'default']);
    }
  }
};

const parameterForms = (mark: Mark, { byName }: Parameters): ReadonlyMap<string, Form> => {
  const forms = new Map<string, Form>();
  for (const { name, slot, required, shape } of byName.values()) {
    const at = ['spec', 'parameters', 'properties', name];
    const variable = { name, slot, roots: new Set([name]) };
    forms.set(name, variableForm(mark, variable, { shape, optional: !required, at }));
  }
  return forms;
};

const buildSection = (pod: JsonObject, verb: 'set' | 'add', site: (...at: ValuePath) => Site): Form => {
  const raw = own(pod, verb);
  return raw === undefined
    ? nothingForm(site().building.mark, ['spec', 'pod'])
    : buildForm(raw, site('spec', 'pod', verb));
};

const bindTemplate = (
  layer: JsonObject,
  { parameters, owner, compiled }: { parameters: Parameters; owner: Owner; compiled: Compiled },
): BoundTemplate => {
  const base: Values = new Array(compiled.slots).fill(undefined);
  for (const { slot, preset } of parameters.byName.values()) {
    base[slot] = preset;
  }
  layParameters(base, layer, { parameters, owner });
  const stray = Object.keys(layer).find((name) => compiled.emitted.has(name));
  if (stray !== undefined) {
    throw parameterFault([stray], 'is used below securityContext: only the decision can give it', owner);
  }
  const required = [...parameters.byName.values()].filter((parameter) => parameter.required);
  return {
    render: (decision) => {
      const frame: Frame = { values: base.slice(), left: MAX_RENDERED };
      layParameters(frame.values, decision, { parameters, owner });
      checkEmitted(decision, { compiled, owner });
      const missing = required.find(({ slot }) => frame.values[slot] === undefined);
      if (missing !== undefined) {
        throw parameterFault([missing.name], 'is required and missing', owner);
      }
      return renderSections(compiled, frame);
    },
  };
};

const checkEmitted = (decision: JsonObject, { compiled, owner }: { compiled: Compiled; owner: Owner }): void => {
  for (const name of compiled.emitted) {
    if (!Object.hasOwn(decision, name)) {
      const message = 'is used below securityContext: the decision must give it, null for absent';
      throw parameterFault([name], message, owner);
    }
  }
};

const renderSections = ({ order, emits, blocks }: Compiled, frame: Frame): Rendered => {
  const pod: Piece[] = [];
  const containers: ContainerGraft[] = [];
  for (const render of blocks) {
    render(frame, containers);
  }
  for (const emit of emits) {
    emit(frame, pod);
  }
  return { order: order(frame), pod, containers };
};
