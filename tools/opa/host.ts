// The host of the OPA reactor: hands requests in, takes answers out, and never re-enters a dead one.
import { createWasi, type WasiState } from './wasi.ts';

/** One thing wrong with a source. Lines and columns count from 1. */
export interface Problem {
  readonly code: string;
  readonly message: string;
  readonly file?: string;
  readonly line?: number;
  readonly column?: number;
  readonly details?: readonly string[];
}

/** What became of one test rule. */
export interface TestResult {
  readonly package: string;
  readonly name: string;
  readonly file: string;
  readonly line: number;
  readonly outcome: 'pass' | 'fail' | 'skip' | 'error';
  readonly millis: number;
  readonly printed?: string;
  readonly problem?: Problem;
  /** Of a rule that has cases: name → passed. */
  readonly cases?: Readonly<Record<string, boolean>>;
}

/** A part of a file that the tests did or did not reach. */
export interface CoverageRange {
  readonly start: { readonly row: number };
  readonly end: { readonly row: number };
}

/** What the tests reached, file by file. */
export interface Coverage {
  readonly files: Readonly<
    Record<string, { readonly covered?: readonly CoverageRange[]; readonly not_covered?: readonly CoverageRange[] }>
  >;
}

/** What a verb is asked with; tools/opa/answer.go says which verb reads what. */
export interface ReactorRequest {
  readonly verb: 'check' | 'fmt' | 'build' | 'test' | 'eval' | 'capabilities' | 'version';
  /** Path → Rego. */
  readonly modules?: Readonly<Record<string, string>>;
  readonly data?: object;
  /** `config.vault_agent` → the JSON Schema that Rego's annotations call `schema.config.vault_agent`. */
  readonly schemas?: Readonly<Record<string, unknown>>;
  readonly capabilities?: object;
  readonly strict?: boolean;
  readonly entrypoints?: readonly string[];
  readonly coverage?: boolean;
  /** Regular expression (RE2) over the full names of tests. */
  readonly run?: string;
  readonly query?: string;
  readonly input?: unknown;
  /** Limit of an evaluation, or of each test. */
  readonly timeoutMs?: number;
}

/** What a verb answers. `ok` is false where `problems`, a failed test or `fault` says why. */
export interface ReactorAnswer {
  readonly ok: boolean;
  /** What is wrong with the sources. */
  readonly problems?: readonly Problem[];
  /** What is wrong with the request or the toolchain. */
  readonly fault?: string;
  /** Of `fmt`: path → formatted text, for the files where it differs. */
  readonly files?: Readonly<Record<string, string>>;
  readonly manifest?: object;
  readonly tests?: readonly TestResult[];
  readonly coverage?: Coverage;
  readonly output?: unknown;
  /** Of `build`: the compiled policy. */
  readonly wasm?: Uint8Array<ArrayBuffer>;
}

/** The functions that policies call beside Rego's own. */
export type Builtins = Readonly<Record<string, (...args: unknown[]) => unknown>>;

/** A running OPA. */
export interface Reactor {
  /**
   * Answers one request.
   *
   * @throws whatever killed the instance (a trap, an exit, a full stack); the next call starts a new one
   */
  readonly call: (request: ReactorRequest) => Promise<ReactorAnswer>;
  /** How many instances were started so far. */
  readonly starts: () => number;
}

interface Exports {
  readonly memory: WebAssembly.Memory;
  readonly _initialize: () => void;
  readonly podgraft_alloc: (length: number) => number;
  readonly podgraft_call: (length: number) => bigint;
}

interface Instance {
  readonly exports: Exports;
  readonly state: WasiState;
}

/** A heap beyond this is not kept for the next request: memory of WebAssembly never shrinks. */
const RECYCLE_BYTES = 256 * 1024 * 1024;

/**
 * Makes a reactor from the compiled module. Runs in Node, in workers and in browsers.
 *
 * @param builtins what the capabilities document declares beyond OPA's own
 */
export const createReactor = (
  module: WebAssembly.Module,
  builtins: Builtins,
  recycleBytes = RECYCLE_BYTES,
): Reactor => {
  let current: Instance | undefined;
  let starts = 0;
  return {
    starts: () => starts,
    call: async (request) => {
      if (current === undefined) {
        current = await start(module, builtins);
        starts++;
      }
      const instance = current;
      current = undefined; // A dead Go runtime can't be entered again; only an answer puts the instance back.
      const answer = answerOf(instance, request);
      if (answer.fault === undefined && instance.exports.memory.buffer.byteLength <= recycleBytes) {
        current = instance;
      }
      return answer;
    },
  };
};

const start = async (module: WebAssembly.Module, builtins: Builtins): Promise<Instance> => {
  const state: WasiState = { memory: undefined, log: '' };
  const instance = await WebAssembly.instantiate(module, {
    wasi_snapshot_preview1: createWasi(module, state),
    podgraft: { builtin: callBuiltin(state, builtins) },
  });
  const exports = instance.exports as unknown as Exports;
  state.memory = exports.memory;
  exports._initialize();
  return { exports, state };
};

const answerOf = ({ exports, state }: Instance, request: ReactorRequest): ReactorAnswer => {
  const body = new TextEncoder().encode(JSON.stringify(request));
  try {
    const at = exports.podgraft_alloc(body.length) >>> 0;
    new Uint8Array(exports.memory.buffer).set(body, at);
    return readAnswer(exports.memory, BigInt.asUintN(64, exports.podgraft_call(body.length)));
  } catch (cause) {
    throw state.log === '' ? cause : new Error(state.log.trim(), { cause });
  }
};

/** @param result address << 32 | length of: length of the JSON, the JSON, the compiled policy */
const readAnswer = ({ buffer }: WebAssembly.Memory, result: bigint): ReactorAnswer => {
  const at = Number(result >> 32n);
  const end = at + Number(result & 0xffff_ffffn);
  const textEnd = at + 4 + new DataView(buffer).getUint32(at, true);
  const answer = JSON.parse(new TextDecoder().decode(new Uint8Array(buffer).subarray(at + 4, textEnd)));
  return textEnd < end ? { ...answer, wasm: new Uint8Array(buffer).slice(textEnd, end) } : answer;
};

type BuiltinImport = (call: number, length: number, out: number, size: number) => number;

/** The import of host_wasip1.go: writes the answer where it fits, and always says how long it is. */
const callBuiltin =
  (state: WasiState, builtins: Builtins): BuiltinImport =>
  (call, length, out, size) => {
    if (state.memory === undefined) {
      return 0;
    }
    const memory = new Uint8Array(state.memory.buffer);
    const text = new TextDecoder().decode(memory.slice(call >>> 0, (call >>> 0) + length));
    const answer = new TextEncoder().encode(JSON.stringify(evaluateBuiltin(builtins, text)));
    if (answer.length <= size) {
      memory.set(answer, out >>> 0);
    }
    return answer.length;
  };

const evaluateBuiltin = (builtins: Builtins, text: string): { readonly value: unknown; readonly error: string } => {
  const { name, args } = JSON.parse(text) as { readonly name: string; readonly args: readonly unknown[] };
  const implementation = Object.hasOwn(builtins, name) ? builtins[name] : undefined;
  if (implementation === undefined) {
    return { value: null, error: 'the host has no such builtin' };
  }
  try {
    return { value: implementation(...args) ?? null, error: '' };
  } catch (thrown) {
    return { value: null, error: String(thrown) };
  }
};
