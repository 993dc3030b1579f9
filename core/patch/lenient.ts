// The leniency of the patch engine that vault-k8s uses, brought down to plain operations for a library to carry out.
import { isObject, type JsonObject, type JsonValue, own } from '../json.ts';
import { findSpot, pointAt, pointInto, Refusal, read, type Spot } from './spot.ts';

/** An operation that surely applies. */
export type Change =
  | { readonly op: 'add' | 'replace'; readonly path: string; readonly value: JsonValue }
  | { readonly op: 'remove'; readonly path: string };

/** What a JSON Patch library does. `change` may change the document that it is given, and returns it. */
export interface Library {
  readonly clone: (value: JsonValue) => JsonValue;
  readonly change: (document: JsonValue, change: Change) => JsonValue;
  readonly equal: (a: JsonValue, b: JsonValue) => boolean;
}

/** Characters that copies may add in all: without a bound a patch of a few lines doubles itself until memory ends. */
const COPY_LIMIT = 1024 * 1024;

interface Run {
  document: JsonValue;
  copied: number;
  readonly library: Library;
}

/**
 * Runs the operations in order on a copy of `document`. Beyond RFC 6902: `replace` of a missing key adds it, `test` takes
 * a missing key for null, `copy` of one adds null, an index may be negative, and a missing `value` is null. Errors are
 * those of github.com/evanphx/json-patch 5.9.11, its root package. Paths through `__proto__` or `prototype` lead nowhere.
 */
export const runOperations = (
  document: JsonValue,
  operations: readonly JsonValue[],
  library: Library,
): { readonly document: JsonValue } | { readonly error: string } => {
  const run: Run = { document: library.clone(document), copied: 0, library };
  try {
    for (const operation of operations) {
      runOperation(run, isObject(operation) ? operation : {});
    }
    return { document: run.document };
  } catch (thrown) {
    if (thrown instanceof Refusal) {
      return { error: thrown.message };
    }
    if (thrown instanceof RangeError) {
      // Copies into copies nest without end: the stack is what ends them.
      return { error: 'exceeded max depth' };
    }
    throw thrown;
  }
};

const runOperation = (run: Run, operation: JsonObject): void => {
  const op = own(operation, 'op');
  const kind = typeof op === 'string' ? op : 'unknown';
  const step = own(STEPS, kind);
  if (step === undefined) {
    throw new Refusal(`Unexpected kind: ${kind}`);
  }
  step(run, operation);
};

const readText = (operation: JsonObject, member: string, context: string): string => {
  const text = own(operation, member);
  if (typeof text !== 'string') {
    throw new Refusal(`${context}: missing value`);
  }
  return text;
};

const spotAt = (run: Run, path: string, context: string): Spot => {
  const spot = findSpot(run.document, path);
  if (spot === undefined) {
    throw new Refusal(`${context}: missing value`);
  }
  return spot;
};

/** A copy: later operations change what earlier ones put in. */
const readValue = (run: Run, operation: JsonObject): JsonValue => run.library.clone(own(operation, 'value') ?? null);

const change = (run: Run, made: Change): void => {
  run.document = run.library.change(run.document, made);
};

const remove = (run: Run, spot: Spot, context: string): void => {
  if (isObject(spot.parent) && !Object.hasOwn(spot.parent, spot.key)) {
    throw new Refusal(`${context}: Unable to remove nonexistent key: ${spot.key}: missing value`);
  }
  change(run, { op: 'remove', path: pointAt(spot, context) });
};

const runAdd = (run: Run, operation: JsonObject): void => {
  const path = readText(operation, 'path', 'add operation failed to decode path');
  const spot = spotAt(run, path, `add operation does not apply: doc is missing path: "${path}"`);
  const context = `error in add for path: '${path}'`;
  change(run, { op: 'add', path: pointInto(spot, context), value: readValue(run, operation) });
};

const runRemove = (run: Run, operation: JsonObject): void => {
  const path = readText(operation, 'path', 'remove operation failed to decode path');
  const spot = spotAt(run, path, `remove operation does not apply: doc is missing path: "${path}"`);
  remove(run, spot, `error in remove for path: '${path}'`);
};

const runReplace = (run: Run, operation: JsonObject): void => {
  const noPath = 'replace operation failed to decode path: operation missing path field';
  const path = readText(operation, 'path', noPath);
  const value = readValue(run, operation);
  if (path === '') {
    if (typeof value !== 'object' || value === null) {
      throw new Refusal('replace operation value must be object or array');
    }
    run.document = value;
    return;
  }
  const spot = spotAt(run, path, `replace operation does not apply: doc is missing path: ${path}`);
  const isKey = isObject(spot.parent);
  const context = `replace operation does not apply: doc is missing key: ${path}`;
  change(run, { op: isKey ? 'add' : 'replace', path: pointAt(spot, context, 'missing value'), value });
};

const runMove = (run: Run, operation: JsonObject): void => {
  const from = readText(operation, 'from', 'move operation failed to decode from: operation, missing from field');
  const source = spotAt(run, from, `move operation does not apply: doc is missing from path: ${from}`);
  const context = `error in move for path: '${source.key}'`;
  const value = read(source, context) ?? null;
  remove(run, source, context);
  const path = readText(operation, 'path', 'move operation failed to decode path: operation missing path field');
  const spot = spotAt(run, path, `move operation does not apply: doc is missing destination path: ${path}`);
  change(run, { op: 'add', path: pointInto(spot, `error in move for path: '${path}'`), value });
};

const runCopy = (run: Run, operation: JsonObject): void => {
  const from = readText(operation, 'from', 'copy operation failed to decode from: operation, missing from field');
  const source = spotAt(run, from, `copy operation does not apply: doc is missing from path: ${from}`);
  const value = run.library.clone(read(source, `error in copy for from: '${from}'`) ?? null);
  const path = readText(operation, 'path', 'copy operation failed to decode path');
  const spot = spotAt(run, path, `copy operation does not apply: doc is missing destination path: ${path}`);
  run.copied += JSON.stringify(value).length;
  if (run.copied > COPY_LIMIT) {
    const size = `accumulated size increase of copy is ${run.copied}, exceeding the limit ${COPY_LIMIT}`;
    throw new Refusal(`Unable to complete the copy, the ${size}`);
  }
  change(run, { op: 'add', path: pointInto(spot, 'error while adding value during copy'), value });
};

const runTest = (run: Run, operation: JsonObject): void => {
  const path = readText(operation, 'path', 'test operation failed to decode path: operation missing path field');
  const spot = path === '' ? undefined : spotAt(run, path, `test operation does not apply: is missing path: ${path}`);
  const found = spot === undefined ? run.document : read(spot, `error in test for path: '${path}'`);
  if (!run.library.equal(found ?? null, own(operation, 'value') ?? null)) {
    throw new Refusal(`testing value ${path} failed: test failed`);
  }
};

const STEPS: Readonly<Record<string, (run: Run, operation: JsonObject) => void>> = {
  add: runAdd,
  remove: runRemove,
  replace: runReplace,
  move: runMove,
  copy: runCopy,
  test: runTest,
};
