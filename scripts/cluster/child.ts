// Starts a program that can't outlive this process, and ends it by its id.
import { spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * A shell holds the program and reads our pipe: when the pipe closes, be it that we died, the shell ends the program.
 * It asks first (SIGTERM) and insists ten seconds later. `$@` is the program with its arguments.
 * File descriptor 3 is the pipe, since a background job's input is /dev/null.
 */
const LEASH = `
exec 3<&0 </dev/null
"$@" 3<&- & program=$!
{ read -r _ <&3; kill "$program"; sleep 10; kill -9 "$program"; } >/dev/null 2>&1 & reader=$!
wait "$program"; status=$?
kill "$reader" 2>/dev/null
exit "$status"`;

export interface ChildOptions {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  /** Where its output goes, to the file `<name>.log`. */
  readonly folder: string;
  /** Its whole environment; the default is this process's own. */
  readonly env?: NodeJS.ProcessEnv;
}

/** A running program. `ended` tells how it ended, once it did; `log` reads all its output so far. */
export interface Child {
  readonly name: string;
  readonly ended: () => string | undefined;
  readonly log: () => string;
  /** Ends the program, by force when it takes longer than ten seconds. Resolves when it is gone. */
  readonly stop: () => Promise<void>;
}

/** Starts `command`. A command that doesn't exist shows in `ended`, with the shell's words in `log`. */
export const startChild = (options: ChildOptions): Child => {
  const file = join(options.folder, `${options.name}.log`);
  const output = openSync(file, 'a');
  const shell = spawn('sh', ['-c', LEASH, 'sh', options.command, ...options.args], {
    stdio: ['pipe', output, output],
    detached: true, // Ctrl-C reaches us, not it; and its group has an id of its own
    env: options.env ?? process.env,
  });
  closeSync(output);
  shell.stdin?.on('error', () => {}); // the pipe breaks when the program ends first
  let ended: string | undefined;
  const gone = new Promise<void>((resolve) => {
    const settle = (how: string) => {
      ended ??= how;
      shell.stdin?.destroy();
      resolve();
    };
    shell.once('error', (error) => settle(error.message));
    shell.once('exit', (code, signal) => settle(signal ?? `exit code ${code}`));
  });
  return {
    name: options.name,
    ended: () => ended,
    log: () => readFileSync(file, 'utf8'),
    stop: () => {
      shell.stdin?.end();
      return gone;
    },
  };
};
