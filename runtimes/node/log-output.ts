// Where the log of a process goes: a file descriptor, in batches, and whole even when the process ends badly.
import { destination } from 'pino';
import type { Output } from './log.ts';

/** An output that keeps lines for a moment. */
export interface BatchedOutput extends Output {
  /** Writes what is kept, now. */
  readonly flush: () => void;
}

/** Lines are written together when they come to this many bytes, or after this many milliseconds. */
const BATCH = { minLength: 4096, periodicFlush: 100 };

/**
 * Opens the output of this process. A write a line would cost a review a tenth of its time. What is kept is written
 * when the process exits, also by an exception that nobody catches; only a kill loses it.
 */
export const openLogOutput = (descriptor: 1 | 2): BatchedOutput => {
  const stream = destination({ dest: descriptor, sync: false, ...BATCH });
  const flush = (): void => {
    try {
      stream.flushSync();
    } catch {
      // The reader of the pipe is gone: there is nobody to tell.
    }
  };
  stream.on('error', () => {});
  process.once('exit', flush);
  return { write: (text) => stream.write(text), flush };
};
