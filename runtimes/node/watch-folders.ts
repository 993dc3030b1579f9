// Says when something in one of a few folders may have changed: file-system events, and a timer behind them.
import { type FSWatcher, watch } from 'node:fs';
import path from 'node:path';

/** What is watched, and how. */
export interface WatchOptions {
  /** Folders that may come, go and be replaced. Asked before each round, because their number may change. */
  readonly folders: () => Promise<readonly string[]>;
  /** How often to look without being told, in milliseconds: events can be lost, and some mounts have none. */
  readonly interval: number;
  /** How long to let a burst of events settle, in milliseconds. */
  readonly settle: number;
  /** Called when something may have changed; awaited before it is called again. */
  readonly changed: () => Promise<void>;
}

/** A running watch. */
export interface Watch {
  /** Stops it and waits for a call of `changed` that is under way. */
  readonly close: () => Promise<void>;
}

/** The folders in which files stand, each once; an empty name is no file. */
export const foldersOf = (files: readonly string[]): readonly string[] => [
  ...new Set(files.filter((file) => file !== '').map((file) => path.dirname(path.resolve(file)))),
];

/**
 * Watches folders, not files: a Secret or ConfigMap mount never writes a file, it swaps the symlink `..data` beside it,
 * and editors write a new file over the old name. The watchers are made anew in each round, so a folder that was
 * replaced is watched again at the latest after `interval`.
 */
export const watchFolders = (options: WatchOptions): Watch => {
  let watchers: readonly FSWatcher[] = [];
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> | undefined;
  let burst = false;
  let closed = false;

  const schedule = (delay: number): void => {
    clearTimeout(timer);
    if (!closed) {
      timer = setTimeout(start, delay);
      timer.unref();
    }
  };
  const event = (): void => {
    // The first event of a burst sets the time: a folder in which something is always written must not starve the check.
    if (!burst && running === undefined) {
      schedule(options.settle);
    }
    burst = true;
  };
  const round = async (): Promise<void> => {
    const folders = await options.folders();
    closeAll(watchers);
    burst = false;
    watchers = closed ? [] : folders.flatMap((folder) => watchFolder(folder, event));
    await options.changed();
  };
  const start = (): void => {
    running = round().finally(() => {
      running = undefined;
      schedule(burst ? options.settle : options.interval);
    });
  };

  // The first round comes at once: files may have changed since they were read for the start.
  schedule(0);
  return {
    close: async () => {
      closed = true;
      clearTimeout(timer);
      closeAll(watchers);
      await running;
      closeAll(watchers);
    },
  };
};

/** One watcher, or none where the folder can't be watched just now: the timer looks all the same. */
const watchFolder = (folder: string, event: () => void): readonly FSWatcher[] => {
  try {
    const watcher = watch(folder, { persistent: false }, event);
    watcher.on('error', () => watcher.close());
    return [watcher];
  } catch {
    return [];
  }
};

const closeAll = (watchers: readonly FSWatcher[]): void => {
  for (const watcher of watchers) {
    watcher.close();
  }
};
