// Compiles a template file, once, to what renders it.
import { type JsonObject, own } from '../json.ts';
import { type Bindable, type BoundTemplate, bindTemplate, type Compiled } from './bind.ts';
import { buildForm } from './build.ts';
import { buildBlock, compileBlock, guardBlock } from './container-block.ts';
import { readDocument, type TemplateDocument } from './document.ts';
import type { Form } from './form.ts';
import { createMark, type Mark, nothingForm, variableForm } from './forms.ts';
import { type Guarding, guardForm } from './guard.ts';
import { compileOrder } from './order.ts';
import { type Owner, type Parameters, readParameters } from './parameters.ts';
import { type ParsedYaml, parseYaml, type ValuePath } from './parse.ts';
import { compilePieces } from './pieces.ts';
import { POD } from './position.ts';
import { type RecordedYaml, recordYaml, replayYaml } from './recorded-yaml.ts';
import { createRefuse, type Refuse } from './refuse.ts';
import type { Source } from './rendered.ts';
import { guardSet } from './set-guard.ts';
import type { Building, Site } from './site.ts';

export type { BoundTemplate } from './bind.ts';

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

/** A template that was compiled before: what is needed to do it again, but not yet. */
export interface RecordedTemplate extends RecordedYaml {
  /** {@link Compiled.emitted} */
  readonly emitted: readonly string[];
}

/**
 * Compiles a template and records it.
 *
 * @throws {Fault} `template.*` with file, line and column
 */
export const recordTemplate = (file: string, text: string): RecordedTemplate => {
  const parsed = parseYaml(text, file);
  return { ...recordYaml(parsed), emitted: [...prepareTemplate(file, parsed).compile().emitted] };
};

/**
 * Compiles a template. The sections of one that is recorded are known to compile, so they wait for the first rendering.
 *
 * @param file the name for places
 * @param source its text, or what `recordTemplate` made of that text
 * @throws {Fault} `template.*` with file, line and column
 */
export const compileTemplate = (file: string, source: string | RecordedTemplate): Template => {
  if (typeof source !== 'string') {
    const prepared = prepareTemplate(file, replayYaml(source, file));
    return createTemplate(prepared, { emitted: new Set(source.emitted), compiled: once(prepared.compile) });
  }
  const prepared = prepareTemplate(file, parseYaml(source, file));
  const compiled = prepared.compile();
  return createTemplate(prepared, { emitted: compiled.emitted, compiled: () => compiled });
};

interface Prepared {
  readonly owner: Owner;
  readonly parameters: Parameters;
  readonly compile: () => Compiled;
}

const createTemplate = (
  { owner, parameters }: Prepared,
  sections: Pick<Bindable, 'emitted' | 'compiled'>,
): Template => ({
  name: owner.template,
  file: owner.file,
  parameters,
  bind: (layer) => bindTemplate(layer, { parameters, owner, ...sections }),
});

const once = <Value>(make: () => Value): (() => Value) => {
  let made: { readonly value: Value } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
};

/** Reads all but the sections. */
const prepareTemplate = (file: string, parsed: ParsedYaml): Prepared => {
  const refuse = createRefuse(parsed.placeOf);
  const document = readDocument(parsed.value, refuse);
  const owner = { file, template: document.name };
  const parameters = readParameters(document.parameters, { ...owner, refuse });
  return {
    owner,
    parameters,
    compile: () => compileSections(document, parameters, { refuse, sourceOf: createSourceOf(file, parsed) }),
  };
};

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
