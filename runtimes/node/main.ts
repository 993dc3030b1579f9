// The entry of the server: `podgraft-server [--flag value …]`.
import { toError } from '../../core/errors.ts';
import { openLogOutput } from './log-output.ts';
import { parseFlags } from './parse-flags.ts';
import { describeError } from './report-reload.ts';
import { runServe } from './run-serve.ts';
import { settingsHelp } from './settings-help.ts';

const USAGE = `Usage: podgraft serve [--flag value …]

Each setting can be given as a flag, as an environment variable (PODGRAFT_LISTEN) and in the file (server.listen).
A flag goes over the environment, the environment over the file, the file over the default.

`;

const main = async (args: readonly string[]): Promise<number> => {
  if (args.includes('--help')) {
    process.stdout.write(`${USAGE + settingsHelp()}\n`);
    return 0;
  }
  const stdout = openLogOutput(1);
  try {
    const { env, stderr } = process;
    return await runServe({ flags: parseFlags(args), env, stdout, stderr, signals: process });
  } catch (thrown) {
    process.stderr.write(`podgraft: ${describeError(toError(thrown))}\n`);
    return 1;
  } finally {
    stdout.flush();
  }
};

process.exit(await main(process.argv.slice(2)));
