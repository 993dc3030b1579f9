// Where the object with bundle and configuration lies: a KV namespace or an R2 bucket, if any.
import { Fault, toError } from '../../core/errors.ts';
import type { KvNamespace, R2Bucket, WorkerEnv } from './platform.ts';

/** A place to read one object from. */
export interface Store {
  /** How errors name the object. */
  readonly name: string;
  /** @throws {Fault} `bundle.unreadable` */
  readonly read: () => Promise<string>;
}

/** Finds the store among the bindings; `undefined` where none is bound. */
export const findStore = (env: WorkerEnv, key: string): Store | undefined => {
  const { PODGRAFT_KV: kv, PODGRAFT_R2: r2 } = env;
  if (kv !== undefined && r2 !== undefined) {
    throw new Fault(
      'setting.invalid',
      'PODGRAFT_KV and PODGRAFT_R2 are both bound; bind the one that holds the object',
    );
  }
  if (kv !== undefined) {
    const namespace = binding<KvNamespace>(kv, 'PODGRAFT_KV', 'a KV namespace');
    return createStore(`PODGRAFT_KV/${key}`, () => namespace.get(key, 'text'));
  }
  if (r2 !== undefined) {
    const bucket = binding<R2Bucket>(r2, 'PODGRAFT_R2', 'an R2 bucket');
    return createStore(`PODGRAFT_R2/${key}`, async () => (await bucket.get(key))?.text() ?? null);
  }
  return undefined;
};

const binding = <Binding>(value: unknown, name: string, what: string): Binding => {
  if (typeof value !== 'object' || value === null || typeof (value as Record<string, unknown>)['get'] !== 'function') {
    throw new Fault('setting.invalid', `${name} is not ${what}`);
  }
  return value as Binding;
};

const createStore = (name: string, get: () => Promise<string | null>): Store => {
  const unreadable = (why: string, cause?: unknown): Fault =>
    new Fault('bundle.unreadable', `the object cannot be read (${why})`, { at: { file: name }, cause });
  return {
    name,
    read: async () => {
      let text: string | null;
      try {
        text = await get();
      } catch (thrown) {
        throw unreadable(toError(thrown).message, thrown);
      }
      if (text === null) {
        throw unreadable('there is none of this name');
      }
      return text;
    },
  };
};
