// Compiles forms to closures that write JSON text, keys sorted.
import { isObject, type JsonValue } from '../json.ts';
import { escapeExpansions } from './escape.ts';
import type { Form, Loop } from './form.ts';
import { charge, type Frame, type Render } from './frame.ts';

type Write = (frame: Frame) => string | undefined;

/** What compiles the parts of a JSON text that are no structure. */
export interface Compilers {
  readonly render: (form: Form) => Render;
  readonly condition: (form: Form) => (frame: Frame) => boolean;
  /** Whether the text will stand where the kubelet expands `$(VAR)`. */
  readonly expanded: boolean;
}

/**
 * Compiles a form to what writes its value as compact JSON, keys sorted by UTF-16 code units.
 */
export const compileJson = (form: Form, compilers: Compilers): Write => {
  const write = compileWrite(form, compilers);
  return (frame) => {
    const text = write(frame);
    charge(frame, text?.length ?? 0);
    return text;
  };
};

const compileWrite = (form: Form, compilers: Compilers): Write => {
  switch (form.kind) {
    case 'scalar': {
      const text = JSON.stringify(form.value);
      return () => text;
    }
    case 'map':
      return compileMembers(form.entries, compilers);
    case 'list':
      return compileItems(form.items, compilers);
    case 'if': {
      const condition = compilers.condition(form.condition);
      const yes = compileWrite(form.yes, compilers);
      const no = form.no === undefined ? undefined : compileWrite(form.no, compilers);
      return (frame) => (condition(frame) ? yes(frame) : no?.(frame));
    }
    case 'map-each':
      return compileLoop(form, compilers);
    default:
      return compileValue(form, compilers);
  }
};

const compileMembers = (entries: Extract<Form, { kind: 'map' }>['entries'], compilers: Compilers): Write => {
  const members = entries
    .map(({ key, value }) => ({ key: String(key), write: compileWrite(value, compilers) }))
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

const compileItems = (items: readonly Form[], compilers: Compilers): Write => {
  const writes = items.map((item) => compileWrite(item, compilers));
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

const compileLoop = (form: Loop, compilers: Compilers): Write => {
  const over = compilers.render(form.over);
  const write = compileWrite(form.body, compilers);
  const { slot } = form.variable;
  return (frame) => {
    const items = over(frame);
    if (!Array.isArray(items)) {
      return undefined;
    }
    let text = '';
    for (const item of items as readonly JsonValue[]) {
      charge(frame, 1);
      frame.values[slot] = item;
      const value = write(frame);
      if (value !== undefined) {
        text += text === '' ? value : `,${value}`;
      }
    }
    return `[${text}]`;
  };
};

const compileValue = (form: Form, compilers: Compilers): Write => {
  const render = compilers.render(form);
  const rewrite = compilers.expanded && !form.shape.kubelet ? escapeExpansions : (text: string) => text;
  return (frame) => {
    const value = render(frame);
    return value === undefined ? undefined : rewrite(writeJson(value));
  };
};

/** Writes a value as compact JSON, keys sorted by UTF-16 code units. */
export const writeJson = (value: JsonValue): string => {
  if (typeof value !== 'object') {
    return JSON.stringify(value);
  }
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
