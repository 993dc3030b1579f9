// Evaluates the compiled policy: the only importer of the OPA SDK.
import { loadPolicy } from '@open-policy-agent/opa-wasm';
import { Fault, toError } from '../errors.ts';
import type { JsonObject, JsonValue } from '../json.ts';
import { builtins } from './builtins.ts';

/** What a policy is made of. */
export interface PolicyOptions {
  readonly module: WebAssembly.Module;
  /** The document behind `data`. */
  readonly data: JsonObject;
  /** Bound of the module's memory, in pages of 64 KiB; the default is 2,048 (128 MiB). */
  readonly maxMemoryPages?: number;
}

/** A compiled policy, ready to be asked. */
export interface Policy {
  /**
   * Evaluates an entrypoint. Bytes must have passed `JSON.parse`: the module turns malformed ones into an undefined
   * input without a word.
   *
   * @returns the value of the entrypoint; `undefined` where it has none, or where the policy lacks the entrypoint
   * @throws {Fault} `policy.evaluate`; the broken instance is gone, the next call gets a new one
   */
  readonly evaluate: (input: Uint8Array | JsonValue, entrypoint: string) => Promise<JsonValue | undefined>;
}

type Instance = Awaited<ReturnType<typeof loadPolicy>>;

/** An instance that a huge input has grown beyond this many bytes is not kept: memory of WebAssembly never shrinks. */
const KEEP_BYTES = 32 * 1024 * 1024;

/**
 * Instantiates a policy.
 *
 * @throws {Fault} `policy.load` when the module is no OPA policy, or its data does not fit into the memory
 */
export const createPolicy = async (options: PolicyOptions): Promise<Policy> => {
  let current: Promise<Instance> | undefined = instantiate(options);
  await current;
  return {
    evaluate: async (input, entrypoint) => {
      current ??= instantiate(options);
      const instance = await current;
      if (!(entrypoint in instance.entrypoints)) {
        return undefined;
      }
      try {
        return firstResult(instance.evaluate(input instanceof Uint8Array ? exactBuffer(input) : input, entrypoint));
      } catch (thrown) {
        // A JavaScript exception that crossed WebAssembly frames leaves the module's own stack pointer where it was.
        current = undefined;
        const cause = toError(thrown);
        throw new Fault('policy.evaluate', `the policy failed: ${cause.message}`, { cause });
      } finally {
        if (instance.mem.buffer.byteLength > KEEP_BYTES) {
          current = undefined;
        }
      }
    },
  };
};

const instantiate = async ({ module, data, maxMemoryPages = 2048 }: PolicyOptions): Promise<Instance> => {
  try {
    const instance = await loadPolicy(module, { initial: 5, maximum: maxMemoryPages }, { ...builtins });
    instance.setData(data);
    return instance;
  } catch (thrown) {
    const cause = toError(thrown);
    throw new Fault('policy.load', `the compiled policy cannot be loaded: ${cause.message}`, { cause });
  }
};

/** The SDK takes an `ArrayBuffer` for JSON text; it would serialise a view as an object, without a word. */
const exactBuffer = (bytes: Uint8Array): ArrayBuffer =>
  bytes.buffer instanceof ArrayBuffer && bytes.byteLength === bytes.buffer.byteLength
    ? bytes.buffer
    : (bytes.slice().buffer as ArrayBuffer);

/** The SDK answers a list of results: one, or none where the entrypoint is undefined. */
const firstResult = (results: unknown): JsonValue | undefined => {
  const list = results as readonly { readonly result: JsonValue }[];
  return list[0]?.result;
};
