// Compiles forms to closures that yield JSON values.
import { type JsonValue, setOwn } from '../json.ts';
import { encodeBase64 } from './base64.ts';
import { constantOf } from './constant.ts';
import { closeExpansion } from './escape.ts';
import { compileEvaluation, compileRead } from './evaluate.ts';
import type { Choice, Form, List, Loop, Mapping, Text } from './form.ts';
import { charge, type Render } from './frame.ts';
import { isExpanded, itemPosition, listOf, memberPosition, type Position } from './position.ts';
import { compileJson } from './render-json.ts';

/**
 * Compiles a form.
 *
 * @param position where in a Pod its value will stand; `undefined` where it is no part of one
 */
export const compileRender = (form: Form, position: Position | undefined): Render => {
  switch (form.kind) {
    case 'nothing':
      return () => undefined;
    case 'scalar':
      return constant(form.value);
    case 'text':
      return compileText(form, position);
    case 'list':
      return compileList(form, position);
    case 'map':
      return compileMap(form, position);
    case 'eval':
      return compileEvaluation(form, position);
    case 'if':
      return compileChoice(form, position);
    case 'map-each':
      return compileLoop(form, position);
    case 'flatten':
      return compileFlatten(form.operand, position);
    case 'words':
      return compileWords(form.operand, position);
    case 'json':
      return compileJson(form.operand, {
        render: (part) => compileRender(part, undefined),
        condition: compileCondition,
        expanded: position !== undefined && isExpanded(position),
      });
    case 'base64':
      return compileBase64(form.operand);
  }
};

const constant =
  (value: JsonValue): Render =>
  () =>
    value;

const compileText = (form: Text, position: Position | undefined): Render => {
  const parts = form.parts.map((part, index) =>
    typeof part === 'string' ? part : compileHole(part, position, form.parts[index + 1]),
  );
  return (frame) => {
    let text = '';
    for (const part of parts) {
      text += typeof part === 'string' ? part : part(frame);
    }
    charge(frame, text.length);
    return text;
  };
};

/** A hole in a text. Where the kubelet expands texts, a hole must not begin an expansion with what follows it. */
const compileHole = (form: Form, position: Position | undefined, next: string | Form | undefined): Render => {
  const render = compileRender(form, position);
  const opens = typeof next === 'string' ? /^[($]/.test(next) : next !== undefined;
  if (position === undefined || !isExpanded(position) || form.shape.kubelet || !opens) {
    return render;
  }
  return (frame) => {
    const value = render(frame);
    return typeof value === 'string' ? closeExpansion(value) : value;
  };
};

const compileList = (form: List, position: Position | undefined): Render => {
  const whole = constantOf(form);
  if (whole !== undefined) {
    return constant(whole);
  }
  const at = position && itemPosition(position);
  const items = form.items.map((item) => compileRender(item, at));
  return (frame) => {
    const list: JsonValue[] = [];
    for (const item of items) {
      const value = item(frame);
      if (value !== undefined) {
        list.push(value);
      }
    }
    return list;
  };
};

const compileMap = (form: Mapping, position: Position | undefined): Render => {
  const whole = constantOf(form);
  if (whole !== undefined) {
    return constant(whole);
  }
  const entries = form.entries.map(({ key, value }) => ({
    key: typeof key === 'string' ? key : compileRender(key, undefined),
    render: compileRender(value, position && memberPosition(position, typeof key === 'string' ? key : '')),
  }));
  return (frame) => {
    const object: { [key: string]: JsonValue } = {};
    for (const { key, render } of entries) {
      const value = render(frame);
      if (value !== undefined) {
        setOwn(object, typeof key === 'string' ? key : String(key(frame)), value);
      }
    }
    return object;
  };
};

/** Compiles a condition: `$if` asks only for presence or a boolean. */
export const compileCondition = (form: Form): ((frame: Parameters<Render>[0]) => boolean) => {
  const read = form.kind === 'eval' ? compileRead(form) : compileRender(form, undefined);
  return (frame) => {
    const value = read(frame);
    return value !== undefined && value !== false;
  };
};

const compileChoice = (form: Choice, position: Position | undefined): Render => {
  const condition = compileCondition(form.condition);
  const yes = compileRender(form.yes, position);
  const no = form.no === undefined ? undefined : compileRender(form.no, position);
  return (frame) => (condition(frame) ? yes(frame) : no?.(frame));
};

const compileLoop = (form: Loop, position: Position | undefined): Render => {
  const over = compileRender(form.over, undefined);
  const body = compileRender(form.body, position && itemPosition(position));
  const { slot } = form.variable;
  return (frame) => {
    const items = over(frame);
    if (!Array.isArray(items)) {
      return undefined;
    }
    const list: JsonValue[] = [];
    for (const item of items as readonly JsonValue[]) {
      charge(frame, 1);
      frame.values[slot] = item;
      const value = body(frame);
      if (value !== undefined) {
        list.push(value);
      }
    }
    return list;
  };
};

const compileFlatten = (operand: Form, position: Position | undefined): Render => {
  const render = compileRender(operand, position && listOf(position));
  return (frame) => (render(frame) as readonly JsonValue[] | undefined)?.flat() as JsonValue | undefined;
};

const compileWords = (operand: Form, position: Position | undefined): Render => {
  const render = compileRender(operand, position && listOf(position));
  return (frame) => {
    const text = (render(frame) as readonly JsonValue[] | undefined)?.join(' ');
    charge(frame, text?.length ?? 0);
    return text;
  };
};

const compileBase64 = (operand: Form): Render => {
  const render = compileRender(operand, undefined);
  return (frame) => {
    const text = render(frame);
    if (typeof text !== 'string') {
      return undefined;
    }
    charge(frame, Math.ceil(text.length / 3) * 4);
    return encodeBase64(text);
  };
};
