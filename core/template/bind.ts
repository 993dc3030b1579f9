// Binds a compiled template to the parameters that follow from configuration, and renders it with a decision's.
import type { JsonObject } from '../json.ts';
import type { RenderBlock } from './container-block.ts';
import { type Frame, MAX_RENDERED } from './frame.ts';
import type { RenderOrder } from './order.ts';
import { layParameters, type Owner, type Parameters, parameterFault, type Values } from './parameters.ts';
import type { Emit } from './pieces.ts';
import type { ContainerGraft, Piece, Rendered } from './rendered.ts';

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

/** A template's sections, compiled. */
export interface Compiled {
  /** How many values a rendering works on: parameters and variables. */
  readonly slots: number;
  readonly order: RenderOrder;
  /** The parameters that the decision itself must give, `null` for absent. */
  readonly emitted: ReadonlySet<string>;
  readonly emits: readonly Emit[];
  readonly blocks: readonly RenderBlock[];
}

/** A template to bind. */
export interface Bindable extends Pick<Compiled, 'emitted'> {
  readonly parameters: Parameters;
  readonly owner: Owner;
  /** Its sections; not asked for before the first rendering. */
  readonly compiled: () => Compiled;
}

/**
 * Binds a template.
 *
 * @throws {Fault} `template.parameter`
 */
export const bindTemplate = (layer: JsonObject, { parameters, owner, emitted, compiled }: Bindable): BoundTemplate => {
  const base: Values = new Array(parameters.byName.size).fill(undefined);
  for (const { slot, preset } of parameters.byName.values()) {
    base[slot] = preset;
  }
  layParameters(base, layer, { parameters, owner });
  const stray = Object.keys(layer).find((name) => emitted.has(name));
  if (stray !== undefined) {
    throw parameterFault([stray], 'is used below securityContext: only the decision can give it', owner);
  }
  const required = [...parameters.byName.values()].filter((parameter) => parameter.required);
  return {
    render: (decision) => {
      const sections = compiled();
      while (base.length < sections.slots) {
        base.push(undefined);
      }
      const frame: Frame = { values: base.slice(), left: MAX_RENDERED };
      layParameters(frame.values, decision, { parameters, owner });
      checkEmitted(decision, { emitted, owner });
      const missing = required.find(({ slot }) => frame.values[slot] === undefined);
      if (missing !== undefined) {
        throw parameterFault([missing.name], 'is required and missing', owner);
      }
      return renderSections(sections, frame);
    },
  };
};

const checkEmitted = (decision: JsonObject, { emitted, owner }: Pick<Bindable, 'emitted' | 'owner'>): void => {
  for (const name of emitted) {
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
