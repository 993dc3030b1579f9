// Compiles `$eval` to a closure that reads the value at a path.
import { type JsonObject, own } from '../json.ts';
import { compileEscape } from './escape.ts';
import type { Evaluation } from './form.ts';
import { charge, type Render, weigh } from './frame.ts';
import type { Position } from './position.ts';

/** Compiles a path to what reads its value for a position: texts that the kubelet would expand are doubled. */
export const compileEvaluation = (form: Evaluation, position: Position | undefined): Render => {
  const read = compileRead(form);
  const rewrite = compileEscape(form.shape, position);
  return (frame) => {
    const value = read(frame);
    if (value === undefined) {
      return undefined;
    }
    charge(frame, weigh(value));
    return rewrite === undefined ? value : rewrite(value);
  };
};

/** Reads the value at a path, as the policy gave it. */
export const compileRead = ({ variable: { slot }, path }: Evaluation): Render => {
  if (path.length === 0) {
    return ({ values }) => values[slot];
  }
  return ({ values }) => {
    let value = values[slot];
    for (const name of path) {
      if (value === undefined) {
        return undefined;
      }
      value = own(value as JsonObject, name);
    }
    return value;
  };
};
