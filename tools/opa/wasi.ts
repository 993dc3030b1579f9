// The few functions of WASI preview 1 that Go's runtime calls in a reactor without files.

/** What one instance shares with its functions. */
export interface WasiState {
  /** Known only after the instance exists. */
  memory: WebAssembly.Memory | undefined;
  /** What Go's runtime wrote to its standard error: panics and fatal errors, bounded. */
  log: string;
}

/** Go's runtime asked to leave: a panic outside of a call, out of memory, or a deadlock. */
export class ReactorExit extends Error {
  override readonly name = 'ReactorExit';
}

const ENOSYS = 52;
const EBADF = 8;
const MAX_LOG = 64 * 1024;
/** `crypto.getRandomValues` gives no more at once. */
const MAX_RANDOM = 65_536;
const REALTIME_CLOCK = 0;
/** Layout of WASI's `subscription`. */
const SUBSCRIPTION = { size: 48, tag: 8, timeout: 24, flags: 40 } as const;

type WasiFunction = (...args: never[]) => number;

/** Makes the imports for a module; what Go's runtime links but never needs answers "not implemented". */
export const createWasi = (module: WebAssembly.Module, state: WasiState): Record<string, WasiFunction> => {
  const implemented: Record<string, WasiFunction> = { ...processFunctions(state), ...clockFunctions(state) };
  const imports: Record<string, WasiFunction> = {};
  for (const { module: from, name } of WebAssembly.Module.imports(module)) {
    if (from === 'wasi_snapshot_preview1') {
      imports[name] = implemented[name] ?? (() => ENOSYS);
    }
  }
  return imports;
};

const view = ({ memory }: WasiState): DataView => new DataView(bufferOf(memory));
const bytes = ({ memory }: WasiState): Uint8Array => new Uint8Array(bufferOf(memory));
const bufferOf = (memory: WebAssembly.Memory | undefined): ArrayBufferLike => memory?.buffer ?? new ArrayBuffer(0);

const processFunctions = (state: WasiState): Record<string, WasiFunction> => ({
  args_sizes_get: (count: number, size: number) => zeroes(state, count, size),
  args_get: () => 0,
  environ_sizes_get: (count: number, size: number) => zeroes(state, count, size),
  environ_get: () => 0,
  fd_write: (fd: number, vectors: number, count: number, written: number) =>
    fd === 1 || fd === 2 ? writeLog(state, { vectors, count, written }) : EBADF,
  fd_fdstat_get: (fd: number, at: number) => {
    if (fd > 2) {
      return EBADF;
    }
    bytes(state).fill(0, at, at + 24);
    view(state).setUint8(at, 2); // A character device.
    return 0;
  },
  fd_prestat_get: () => EBADF,
  fd_prestat_dir_name: () => EBADF,
  proc_exit: (code: number) => {
    throw new ReactorExit(`the reactor exited with ${code}: ${state.log.trim().split('\n')[0] ?? ''}`);
  },
});

const zeroes = (state: WasiState, ...addresses: readonly number[]): number => {
  for (const address of addresses) {
    view(state).setUint32(address, 0, true);
  }
  return 0;
};

const writeLog = (state: WasiState, at: { vectors: number; count: number; written: number }): number => {
  let total = 0;
  for (let i = 0; i < at.count; i++) {
    const address = view(state).getUint32(at.vectors + i * 8, true);
    const length = view(state).getUint32(at.vectors + i * 8 + 4, true);
    if (state.log.length < MAX_LOG) {
      state.log += new TextDecoder().decode(bytes(state).slice(address, address + length));
    }
    total += length;
  }
  view(state).setUint32(at.written, total, true);
  return 0;
};

const clockFunctions = (state: WasiState): Record<string, WasiFunction> => ({
  clock_time_get: (clock: number, _precision: bigint, out: number) => {
    // Both clocks come from the monotonic one, so that neither goes back.
    const milliseconds = performance.now() + (clock === REALTIME_CLOCK ? performance.timeOrigin : 0);
    view(state).setBigUint64(out, BigInt(Math.round(milliseconds * 1e6)), true);
    return 0;
  },
  random_get: (at: number, length: number) => {
    for (let from = at; from < at + length; from += MAX_RANDOM) {
      const part = crypto.getRandomValues(new Uint8Array(Math.min(MAX_RANDOM, at + length - from)));
      bytes(state).set(part, from);
    }
    return 0;
  },
  sched_yield: () => 0,
  poll_oneoff: (subscriptions: number, events: number, count: number, happened: number) =>
    sleep(state, { subscriptions, events, count, happened }),
});

/** The runtime sleeps until its nearest timer. Nothing else can run in the meantime, so this spins. */
const sleep = (
  state: WasiState,
  at: { subscriptions: number; events: number; count: number; happened: number },
): number => {
  let until = Number.POSITIVE_INFINITY;
  let user = 0n;
  for (let i = 0; i < at.count; i++) {
    const subscription = at.subscriptions + i * SUBSCRIPTION.size;
    if (view(state).getUint8(subscription + SUBSCRIPTION.tag) !== 0) {
      continue; // Not a clock.
    }
    const timeout = Number(view(state).getBigUint64(subscription + SUBSCRIPTION.timeout, true)) / 1e6;
    const absolute = (view(state).getUint16(subscription + SUBSCRIPTION.flags, true) & 1) === 1;
    const due = absolute ? timeout : performance.now() + timeout;
    if (due < until) {
      until = due;
      user = view(state).getBigUint64(subscription, true);
    }
  }
  if (until === Number.POSITIVE_INFINITY) {
    return ENOSYS;
  }
  while (performance.now() < until) {}
  bytes(state).fill(0, at.events, at.events + 32);
  view(state).setBigUint64(at.events, user, true);
  view(state).setUint32(at.happened, 1, true);
  return 0;
};
