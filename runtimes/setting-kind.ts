// The kinds of value that a setting may have: how each is written, and what it becomes.

/** One kind of value. Every source of settings gives text, so there is one grammar for all of them. */
export interface SettingKind<Value> {
  /** How a value is written, as help and error texts show it. */
  readonly grammar: string;
  /** Reads a value; `undefined` where the text is not of this kind. */
  readonly parse: (text: string) => Value | undefined;
}

interface Range {
  readonly least: string;
  readonly most: string;
}

const MILLISECONDS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };
const BYTES: Readonly<Record<string, number>> = { '': 1, KiB: 1024, MiB: 1024 ** 2, GiB: 1024 ** 3 };

const measure = (units: Readonly<Record<string, number>>, text: string): number | undefined => {
  const [, digits = '', unit = ''] = /^(\d{1,9})([A-Za-z]*)$/.exec(text) ?? [];
  const factor = Object.hasOwn(units, unit) ? units[unit] : undefined;
  return digits === '' || factor === undefined ? undefined : Number(digits) * factor;
};

const within = (units: Readonly<Record<string, number>>, { least, most }: Range) => {
  const low = measure(units, least) ?? 0;
  const high = measure(units, most) ?? Number.MAX_SAFE_INTEGER;
  return (text: string): number | undefined => {
    const value = measure(units, text);
    return value === undefined || value < low || value > high ? undefined : value;
  };
};

/** A length of time, in milliseconds. */
export const duration = (range: Range): SettingKind<number> => ({
  grammar: `a duration from ${range.least} to ${range.most}, such as 500ms, 10s or 2m`,
  parse: within(MILLISECONDS, range),
});

/** An amount of memory, in bytes. */
export const size = (range: Range): SettingKind<number> => ({
  grammar: `a size from ${range.least} to ${range.most}, such as 65536, 64KiB or 8MiB`,
  parse: within(BYTES, range),
});

/** Any text without control characters. */
export const text: SettingKind<string> = {
  grammar: 'text without control characters',
  parse: (value) => (/\p{Cc}/u.test(value) ? undefined : value),
};

/** A list of texts without spaces, separated by commas. */
export const list: SettingKind<readonly string[]> = {
  grammar: 'a list separated by commas',
  parse: (value) => {
    const items = value.split(',').map((item) => item.trim());
    return items.some((item) => item === '' || /[\s\p{Cc}]/u.test(item)) ? undefined : items;
  },
};

/** A list as above, or nothing. */
export const listOrNone: SettingKind<readonly string[]> = {
  grammar: list.grammar,
  parse: (value) => (value === '' ? [] : list.parse(value)),
};

/** One of a few words. */
export const choice = <Word extends string>(...words: readonly Word[]): SettingKind<Word> => ({
  grammar: words.join(', '),
  parse: (value) => words.find((word) => word === value),
});

/** Some of a few words, separated by commas; at least one. */
export const choices = <Word extends string>(...words: readonly Word[]): SettingKind<readonly Word[]> => ({
  grammar: `a list of ${words.join(', ')}`,
  parse: (value) => {
    const items = list.parse(value);
    const chosen = words.filter((word) => items?.includes(word));
    return items === undefined || items.some((item) => !chosen.some((word) => word === item)) ? undefined : chosen;
  },
});

/** What `kind` reads, or the word `off`. */
export const orOff = <Value>(kind: SettingKind<Value>): SettingKind<Value | 'off'> => ({
  grammar: `${kind.grammar}, or off`,
  parse: (value) => (value === 'off' ? 'off' : kind.parse(value)),
});
