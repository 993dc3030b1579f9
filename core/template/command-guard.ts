// Refuses commands in which a parameter's text could become a program.
import type { Form, Mapping } from './form.ts';
import type { ValuePath } from './parse.ts';
import type { Position } from './position.ts';
import type { Refuse } from './refuse.ts';
import { isFree, isOperand, isShell, maySayScript, type Word } from './word.ts';

/** One way a command can come out; absent where the field is left out. */
type Words = readonly Word[] | undefined;

/** The most ways that a command may come out. */
const MAX_WAYS = 256;

/** The forms of one field, the later ones for where the earlier yield nothing. */
type Field = readonly Form[];

interface Fields {
  readonly command: Field;
  readonly args: Field;
}

interface Here {
  readonly refuse: Refuse;
  readonly at: ValuePath;
}

/** Tells whether what stands there has a command: a container, a probe's or a hook's `exec`. */
export const hasCommand = ({ type }: Position): boolean =>
  type.kind === 'object' && (type.type === 'Container' || type.type === 'ExecAction');

/**
 * Checks the command of a new container, a probe or a hook.
 *
 * @throws {Fault} `template.guard`
 */
export const guardCommands = (form: Form, position: Position, refuse: Refuse): void => {
  if (form.kind === 'map' && hasCommand(position) && position.isOwn !== true) {
    guardFields(fieldsOf(form), { refuse, at: form.at });
  }
};

/**
 * Checks the command that a containers block gives a container of the pod, `set` and `add` together.
 *
 * @throws {Fault} `template.guard`
 */
export const guardBlockCommands = (set: Form | undefined, add: Form | undefined, here: Here): void => {
  for (const over of waysOfMap(set)) {
    for (const under of waysOfMap(add)) {
      guardFields({ command: [...over.command, ...under.command], args: [...over.args, ...under.args] }, here);
    }
  }
};

const waysOfMap = (form: Form | undefined): readonly Fields[] => {
  switch (form?.kind) {
    case 'if':
      return [...waysOfMap(form.yes), ...waysOfMap(form.no)];
    case 'map':
      return [fieldsOf(form)];
    default:
      return [{ command: [], args: [] }];
  }
};

const fieldsOf = ({ entries }: Mapping): Fields => {
  const field = (name: string): Field => entries.filter(({ key }) => key === name).map(({ value }) => value);
  return { command: field('command'), args: field('args') };
};

const guardFields = ({ command, args }: Fields, here: Here): void => {
  const [commands, arguments_] = [waysOfField(command, here), waysOfField(args, here)];
  if (commands.length * arguments_.length > MAX_WAYS) {
    tooMany(here);
  }
  for (const words of commands) {
    for (const more of arguments_) {
      guardWords(words ?? [], more ?? [], here.refuse);
    }
  }
};

const tooMany = ({ refuse, at }: Here): never =>
  refuse('guard', `the command can come out in more than ${MAX_WAYS} ways; choose the whole command with one $if`, at);

const waysOfField = ([form, ...rest]: Field, here: Here): readonly Words[] => {
  if (form === undefined) {
    return [undefined];
  }
  return waysOf(form, here).flatMap((words) => (words === undefined ? waysOfField(rest, here) : [words]));
};

const waysOf = (form: Form | undefined, here: Here): readonly Words[] => {
  switch (form?.kind) {
    case 'nothing':
      return [undefined];
    case 'if':
      return [...waysOf(form.yes, here), ...waysOf(form.no, here)];
    case 'list':
      return [form.items.map(toWord)];
    case 'flatten':
      return form.operand.kind === 'list' ? waysOfLists(form.operand.items, here) : [[manyWords(form)]];
    default:
      return [form && [manyWords(form)]];
  }
};

const waysOfLists = (lists: readonly Form[], here: Here): readonly Words[] => {
  let ways: readonly (readonly Word[])[] = [[]];
  for (const list of lists) {
    const next = waysOf(list, here);
    if (ways.length * next.length > MAX_WAYS) {
      return tooMany(here);
    }
    ways = ways.flatMap((begin) => next.map((end) => [...begin, ...(end ?? [])]));
  }
  return ways;
};

const manyWords = (form: Form): Word => ({ forms: [form], optional: true, many: true });

const toWord = (form: Form): Word => ({ forms: leavesOf(form), optional: form.optional, many: false });

const leavesOf = (form: Form | undefined): readonly Form[] => {
  switch (form?.kind) {
    case 'nothing':
      return [];
    case 'if':
      return [...leavesOf(form.yes), ...leavesOf(form.no)];
    default:
      return form === undefined ? [] : [form];
  }
};

const guardWords = (command: readonly Word[], args: readonly Word[], refuse: Refuse): void => {
  const words = [...command, ...args];
  const many = words.find((word) => word.many);
  if (many !== undefined && !isFixed(command[0])) {
    const message =
      'a list from a parameter can stand only behind a first word of the command that is written out and is no shell';
    refuse('guard', message, placeOf(many));
  }
  if (command.length === 0 || isShell(words[0] ?? NO_WORD) === undefined) {
    guardScript(words, false, refuse);
  }
  // Every word behind the first shell is gone through, whatever it starts in turn.
  const shell = words.findIndex((word) => isShell(word) === true);
  if (shell >= 0) {
    guardScript(words.slice(shell + 1), true, refuse);
  }
};

const NO_WORD: Word = { forms: [], optional: true, many: false };

const isFixed = (first: Word | undefined): boolean =>
  first !== undefined && !first.many && !first.optional && !isFree(first) && isShell(first) === false;

/** Goes through the words behind a shell, up to and including its script. */
const guardScript = (words: readonly Word[], inShell: boolean, refuse: Refuse): void => {
  let expectsScript = false;
  let sawOperand = !inShell;
  for (const word of words) {
    if (expectsScript || !sawOperand) {
      refuseFree(word, refuse);
    }
    if (maySayScript(word, inShell)) {
      expectsScript = true;
    } else if (isOperand(word)) {
      if (expectsScript) {
        return;
      }
      sawOperand = true;
    }
  }
};

const refuseFree = (word: Word, refuse: Refuse): void => {
  if (word.many || isFree(word)) {
    const remedy = 'pass it as a variable, or as an argument behind the script';
    refuse('guard', `a free value would be part of what a shell runs; ${remedy}`, placeOf(word));
  }
};

const placeOf = ({ forms }: Word): ValuePath =>
  (forms.find(({ shape }) => shape.freedom === 'free') ?? forms[0])?.at ?? [];
