// Runs podgraft as a process does: from flags, environment and file to an exit code.
import { parseConfiguration } from '../../core/bundle/configuration.ts';
import { toError } from '../../core/errors.ts';
import { createLog, type Output } from './log.ts';
import { readConfigText } from './policy-source.ts';
import { readConfigPath, readSettings } from './read-settings.ts';
import { describeError } from './report-reload.ts';
import { type Running, serve } from './serve.ts';
import type { Environment, Flags } from './setting-source.ts';

/**
 * The signals that stop podgraft, with the number that an exit code is made of. A terminal that closes sends SIGHUP;
 * nothing is re-read for it, because what can be re-read is watched.
 */
const SIGNALS = { SIGHUP: 1, SIGINT: 2, SIGTERM: 15 } as const;

const SIGNAL_NAMES = ['SIGHUP', 'SIGINT', 'SIGTERM'] as const satisfies readonly (keyof typeof SIGNALS)[];

/** Where signals come from: `process`, or a stand-in. */
export interface Signals {
  readonly on: (name: keyof typeof SIGNALS, listener: () => void) => unknown;
  readonly off: (name: keyof typeof SIGNALS, listener: () => void) => unknown;
}

/** What a run needs. */
export interface RunOptions {
  /** By the key of the setting, as in the file: `{ metricsListen: 'off' }`. */
  readonly flags: Flags;
  readonly env: Environment;
  /** Takes the log. */
  readonly stdout: Output;
  /** Takes the reason why there was no start. */
  readonly stderr: Output;
  readonly signals: Signals;
  /** Called once requests are accepted. */
  readonly started?: (running: Running) => void;
}

/**
 * Serves until a signal, then drains.
 *
 * @returns the exit code: 0 after a drain, 1 where the start failed, 128 and the number of the signal where a second
 *   one cut the drain short
 */
export const runServe = async (options: RunOptions): Promise<number> => {
  try {
    const running = await start(options);
    options.started?.(running.running);
    return await untilStopped(running, options.signals);
  } catch (thrown) {
    options.stderr.write(`podgraft: ${describeError(toError(thrown))}\n`);
    return 1;
  }
};

const start = async ({ flags, env, stdout }: RunOptions) => {
  const configFile = readConfigPath(flags, env);
  const text = await readConfigText(configFile);
  const configuration = text === undefined ? undefined : parseConfiguration(text, configFile);
  const settings = readSettings(flags, env, configuration);
  const log = createLog(settings.logLevel, stdout);
  const running = await serve(settings, { log, reread: (changed) => readSettings(flags, env, changed) });
  log.info({ url: running.url, metrics: running.metricsUrl ?? 'off', config: configFile || 'none' }, 'serving');
  return { running, log };
};

const untilStopped = ({ running, log }: Awaited<ReturnType<typeof start>>, signals: Signals): Promise<number> =>
  new Promise((resolve) => {
    let stopping = false;
    const listeners = SIGNAL_NAMES.map((name) => {
      const listener = (): void => {
        if (stopping) {
          log.warn({ signal: name }, 'stopping at once');
          void running.stop().then(() => finish(128 + SIGNALS[name]));
          return;
        }
        stopping = true;
        log.info({ signal: name }, 'draining; a second signal stops at once');
        void running.drain().then(() => finish(0));
      };
      signals.on(name, listener);
      return [name, listener] as const;
    });
    let finished = false;
    const finish = (code: number): void => {
      if (finished) {
        return;
      }
      finished = true;
      for (const [name, listener] of listeners) {
        signals.off(name, listener);
      }
      log.info({ code }, 'stopped');
      resolve(code);
    };
  });
