// Compiles forms to closures that write JSON text, keys sorted.
import { isObject, type JsonValue } from '../json.ts';
import { escapeExpansions } from './escape.ts';
import type { Form } from './form.ts';
import { charge, type Frame } from './frame.ts';
import { compileCondition, compileRender } from './render.ts';

type Write = (frame: Frame) => string | undefined;

/**
 * Compiles a form to what writes its value as compact JSON, keys sorted by UTF-16 code units.
 *
 * @param expanded whether the text will stand where the kubelet expands `$(VAR)`
 */
export const compileJson = (form: Form, expanded: boolean): Write => {
  const write = compileWrite(form, expanded);
  return (frame) => {
    const text = write(frame);
    charge(frame, text?.length ?? 0);
    return text;
  };
};

const compileWrite = (form: Form, expanded: boolean): Write => {
  switch (form.kind) {
    case 'scalar': {
      const text = JSON.stringify(form.value);
      return () => text;
    }
    case 'map':
      return compileMembers(form.entries, expanded);
    case 'list':
      return compileItems(form.items, expanded);
    case 'if': {
      const condition = compileCondition(form.condition);
      const yes = compileWrite(form.yes, expanded);
      const no = form.no === undefined ? undefined : compileWrite(form.no, expanded);
      return (frame) => (condition(frame) ? yes(frame) : no?.(frame));
    }
    default:
      return compileValue(form, expanded);
  }
};

const compileMembers = (entries: Extract<Form, { kind: 'map' }>['entries'], expanded: boolean): Write => {
  const members = entries
    .map(({ key, value }) => ({ key: String(key), write: compileWrite(value, expanded) }))
    .sort((a, b) => (a.key < b.key ? -1 : 1))
    .map(({ key, write }) => ({ first: `${JSON.stringify(key)}:`, next: `,${JSON.stringify(key)}:`, write }));
  return (frame) => {
    let text = '';
    for (const { first, next, write } of members) {
      const value = write(frame);
      if (value !== undefined) {
        text += (text === '' ? first : next) + value;
      }
    }
    return `{${text}}`;
  };
};

const compileItems = (items: readonly Form[], expanded: boolean): Write => {
  const writes = items.map((item) => compileWrite(item, expanded));
  return (frame) => {
    let text = '';
    for (const write of writes) {
      const value = write(frame);
      if (value !== undefined) {
        text += text === '' ? value : `,${value}`;
      }
    }
    return `[${text}]`;
  };
};

const compileValue = (form: Form, expanded: boolean): Write => {
  const render = compileRender(form, undefined);
  const rewrite = expanded && !form.shape.kubelet ? escapeExpansions : (text: string) => text;
  return (frame) => {
    const value = render(frame);
    return value === undefined ? undefined : rewrite(writeJson(value));
  };
};

/** Writes a value as compact JSON, keys sorted by UTF-16 code units. */
export const writeJson = (value: JsonValue): string => {
  if (Array.isArray(value)) {
    return `[${(value as readonly JsonValue[]).map(writeJson).join(',')}]`;
  }
  if (!isObject(value)) {
    return JSON.stringify(value);
  }
  const members = Object.keys(value)
    .sort()
    .map((key) => `${JSON.stringify(key)}:${writeJson(value[key] ?? null)}`);
  return `{${members.join(',')}}`;
};
