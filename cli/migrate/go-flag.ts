// Go's `flag` package: the command line as a Go program reads it, with its error texts.
import { quote } from '../../core/policy/go-quote.ts';

/** What the flags of a Go program said. */
export interface GoFlags {
  /** The last value of each flag; a boolean flag without a value is `true`. */
  readonly values: ReadonlyMap<string, string>;
  /** What stands after the flags: Go stops reading at the first argument that is no flag. */
  readonly rest: readonly string[];
  /** Go's text for the first thing it refuses. Flags before it have been read. */
  readonly error?: string;
}

/** Which flags there are: boolean flags take no separate value (`-x v` is `-x` and a stray `v`). */
export type FlagKind = 'text' | 'bool';

interface Cursor {
  readonly args: readonly string[];
  next: number;
}

/** One flag, an error text, or nothing when the flags are over. */
type Step = { readonly name: string; readonly value: string } | { readonly error: string } | undefined;

/**
 * Reads flags as Go's `flag.FlagSet.Parse` does: `-x=v`, `--x=v`, `-x v`; `--` and the first argument that is no flag end them.
 * Values of text flags are not looked at; those of boolean flags are checked with `isBool`.
 */
export const parseGoFlags = (
  args: readonly string[],
  kindOf: (name: string) => FlagKind | undefined,
  isBool: (text: string) => boolean,
): GoFlags => {
  const values = new Map<string, string>();
  const cursor: Cursor = { args, next: 0 };
  for (;;) {
    const step = nextFlag(cursor, kindOf);
    if (step === undefined) {
      return { values, rest: args.slice(cursor.next) };
    }
    const error = 'error' in step ? step.error : badBool(step, kindOf, isBool);
    if (error !== undefined || 'error' in step) {
      return { values, rest: args.slice(cursor.next), error: error ?? '' };
    }
    values.set(step.name, step.value);
  }
};

const badBool = (
  flag: { readonly name: string; readonly value: string },
  kindOf: (name: string) => FlagKind | undefined,
  isBool: (text: string) => boolean,
): string | undefined =>
  kindOf(flag.name) === 'bool' && !isBool(flag.value)
    ? `invalid boolean value ${quote(flag.value)} for -${flag.name}: parse error`
    : undefined;

const nextFlag = (cursor: Cursor, kindOf: (name: string) => FlagKind | undefined): Step => {
  const arg = cursor.args[cursor.next];
  if (arg === undefined || arg.length < 2 || !arg.startsWith('-')) {
    return undefined;
  }
  cursor.next += 1;
  if (arg === '--') {
    return undefined;
  }
  const body = arg.startsWith('--') ? arg.slice(2) : arg.slice(1);
  return body.startsWith('-') || body.startsWith('=')
    ? { error: `bad flag syntax: ${arg}` }
    : namedFlag(cursor, body, kindOf);
};

const namedFlag = (cursor: Cursor, body: string, kindOf: (name: string) => FlagKind | undefined): Step => {
  const equals = body.indexOf('=');
  const name = equals === -1 ? body : body.slice(0, equals);
  const kind = kindOf(name);
  if (kind === undefined) {
    const isHelp = name === 'h' || name === 'help';
    return { error: isHelp ? 'flag: help requested' : `flag provided but not defined: -${name}` };
  }
  if (equals !== -1) {
    return { name, value: body.slice(equals + 1) };
  }
  return kind === 'bool' ? { name, value: 'true' } : separateValue(cursor, name);
};

const separateValue = (cursor: Cursor, name: string): Step => {
  const value = cursor.args[cursor.next];
  if (value === undefined) {
    return { error: `flag needs an argument: -${name}` };
  }
  cursor.next += 1;
  return { name, value };
};
