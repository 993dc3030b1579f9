// What is known at load of one word of a command.
import type { Form } from './form.ts';

/** One word, or any number of them. */
export interface Word {
  /** What it can be: `$if` chooses among several. */
  readonly forms: readonly Form[];
  /** Whether it may be left out. */
  readonly optional: boolean;
  /** Whether a parameter says how many words stand here. */
  readonly many: boolean;
}

const SHELLS: ReadonlySet<string> = new Set([
  ...['sh', 'ash', 'bash', 'csh', 'dash', 'fish', 'hush', 'ksh', 'ksh93', 'mksh', 'pdksh', 'posh', 'pwsh'],
  ...['powershell', 'rbash', 'rksh', 'tcsh', 'yash', 'zsh'],
]);

/** Tells whether a word may be a shell's name; `undefined` where that cannot be known. */
export const isShell = ({ forms }: Word): boolean | undefined => {
  let known = true;
  for (const form of forms) {
    const names = baseNames(form);
    if (names?.some((name) => SHELLS.has(name)) === true) {
      return true;
    }
    known &&= names !== undefined;
  }
  return known ? false : undefined;
};

/** What a word can be without the folders in front. */
const baseNames = (form: Form): readonly string[] | undefined => {
  const last = form.kind === 'text' ? form.parts.at(-1) : undefined;
  // After a constant slash the rest is constant, whatever the holes before it hold.
  const texts = typeof last === 'string' && last.includes('/') ? [last] : form.shape.choices;
  return texts?.map((text) => text.slice(text.lastIndexOf('/') + 1).replace(/\.exe$/i, ''));
};

/** Tells whether a word has a hole that anything can stand in. */
export const isFree = ({ forms }: Word): boolean => forms.some(({ shape }) => shape.freedom === 'free');

/** Tells whether a word is there and cannot be an option. */
export const isOperand = ({ forms, optional, many }: Word): boolean =>
  !optional && !many && forms.every((form) => heads(form)?.every((head) => !/^[-+]/.test(head)) === true);

/**
 * Tells whether a word may be the option by which a shell takes its script from an argument.
 *
 * @param inShell whether it stands behind a shell for sure; if not, only what plainly is such an option counts
 */
export const maySayScript = ({ forms }: Word, inShell: boolean): boolean =>
  forms.some((form) => heads(form)?.some((head) => SCRIPT_OPTION.test(head)) ?? inShell);

/** `-c`, alone or among a few of the other letters that shells know, and PowerShell's ways of writing it. */
const SCRIPT_OPTION = /^-(?:[abefhiklmnprstuvxBCDEHPT]{0,4}c[abefhiklmnprstuvxBCDEHPT]{0,4}|(?:encoded)?command)$/i;

/** What a word can be or, of a text, begin with; `undefined` where that is a hole. */
const heads = (form: Form): readonly string[] | undefined => {
  if (form.shape.choices !== undefined) {
    return form.shape.choices;
  }
  const first = form.kind === 'text' ? form.parts[0] : undefined;
  return typeof first === 'string' ? [first] : undefined;
};
