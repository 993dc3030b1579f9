// Refuses a template at load: one fault, with file, line and column.
import { Fault, type Place } from '../errors.ts';
import type { ValuePath } from './parse.ts';

/**
 * Throws a fault about a place of the template.
 *
 * @param kind the second half of the code: `template.<kind>`
 * @param message what is wrong and what to do
 * @param path where, in the parsed file
 */
export type Refuse = (kind: RefusalKind, message: string, path: ValuePath) => never;

/**
 * `form`: not a form of the language. `path`: a parameter that is not declared, or may be absent. `schema`: a
 * parameter's declaration. `guard`: a hole where none may be. `field`: no field of a Pod. `size`: too large.
 */
export type RefusalKind = 'form' | 'path' | 'schema' | 'guard' | 'field' | 'size';

/** Creates the refusal of one file. */
export const createRefuse =
  (placeOf: (path: ValuePath) => Place): Refuse =>
  (kind, message, path) => {
    throw new Fault(`template.${kind}`, message, { at: placeOf(path) });
  };
