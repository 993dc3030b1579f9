// One rendering: the values it works on and what it may still write.
import { Fault } from '../errors.ts';
import type { JsonValue } from '../json.ts';
import type { Values } from './parameters.ts';

/** The most that one rendering may write, in characters and values together. */
export const MAX_RENDERED = 4 * 1024 * 1024;

/** The state of one rendering. */
export interface Frame {
  readonly values: Values;
  left: number;
}

/** What a form yields; `undefined` is nothing. */
export type Render = (frame: Frame) => JsonValue | undefined;

/**
 * Takes from what the rendering may still write.
 *
 * @throws {Fault} `template.size`
 */
export const charge = (frame: Frame, amount: number): void => {
  frame.left -= amount;
  if (frame.left < 0) {
    throw new Fault('template.size', `the template renders more than ${MAX_RENDERED / 1024 / 1024} MiB`);
  }
};

/** How much a value counts for. */
export const weigh = (value: JsonValue): number => {
  if (typeof value === 'string') {
    return value.length;
  }
  if (typeof value !== 'object' || value === null) {
    return 1;
  }
  let sum = 1;
  if (Array.isArray(value)) {
    for (const item of value as readonly JsonValue[]) {
      sum += weigh(item);
    }
    return sum;
  }
  for (const [key, inner] of Object.entries(value)) {
    sum += key.length + weigh(inner);
  }
  return sum;
};
