// A server in a process of its own, for the soak: it counts what it keeps of WebAssembly. Started with --expose-gc.
import { setTimeout as wait } from 'node:timers/promises';
import { runServe } from '../../../runtimes/node/run-serve.ts';
import type { Running } from '../../../runtimes/node/serve.ts';

/** What the server keeps after its garbage was collected. Bytes, but for the counts. */
export interface Kept {
  readonly heap: number;
  readonly external: number;
  readonly resident: number;
  /** Memories of WebAssembly: one for each instance of a policy. */
  readonly memories: number;
  readonly memoryBytes: number;
  readonly modules: number;
}

/** What the server says when it is ready. */
export interface Started {
  readonly url: string;
  readonly metricsUrl: string;
  readonly ca: string;
}

/** Those that were made and are still there; a memory or a module that nobody holds any more vanishes from it. */
const track = <Value extends object>() => {
  const made = new Set<WeakRef<Value>>();
  return {
    add: (value: Value): Value => {
      made.add(new WeakRef(value));
      return value;
    },
    live: (): readonly Value[] => {
      const values: Value[] = [];
      for (const reference of made) {
        const value = reference.deref();
        if (value === undefined) {
          made.delete(reference);
        } else {
          values.push(value);
        }
      }
      return values;
    },
  };
};

const memories = track<WebAssembly.Memory>();
const modules = track<WebAssembly.Module>();

const { Memory, compile } = WebAssembly;
WebAssembly.Memory = class extends Memory {
  constructor(descriptor: WebAssembly.MemoryDescriptor) {
    super(descriptor);
    memories.add(this);
  }
};
WebAssembly.compile = async (bytes) => modules.add(await compile(bytes));

const measure = async (): Promise<Kept> => {
  for (let round = 0; round < 4; round += 1) {
    globalThis.gc?.();
    await wait(50);
  }
  const { heapUsed, external, rss } = process.memoryUsage();
  const live = memories.live();
  return {
    heap: heapUsed,
    external,
    resident: rss,
    memories: live.length,
    memoryBytes: live.reduce((total, { buffer }) => total + buffer.byteLength, 0),
    modules: modules.live().length,
  };
};

const say = (message: { readonly started: Started } | { readonly kept: Kept } | { readonly error: string }): void =>
  void process.send?.(message);

const tell = ({ url, metricsUrl = '', certificate }: Running): void =>
  say({ started: { url, metricsUrl, ca: certificate().cert } });

process.on('message', async (message: { readonly flags: Readonly<Record<string, string>> } | 'measure') => {
  if (message === 'measure') {
    say({ kept: await measure() });
    return;
  }
  const code = await runServe({
    flags: message.flags,
    env: {},
    stdout: { write: () => true },
    stderr: { write: (error) => say({ error }) },
    signals: process,
    started: tell,
  });
  process.exit(code);
});
