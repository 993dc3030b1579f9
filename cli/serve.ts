// podgraft serve: runs the webhook on Node.

import { runServe } from '../runtimes/node/run-serve.ts';
import type { Flags } from '../runtimes/node/setting-source.ts';
import { flagOf, settingKeys, settings } from '../runtimes/node/settings.ts';
import { currentBundle } from './injector.ts';
import type { AddVerb } from './verb.ts';

/** Adds the verb, with a flag for each setting of the Node runtime. */
export const addServe: AddVerb = (program, terminal, act) => {
  const command = program
    .command('serve')
    .summary('run the webhook')
    .description(
      'Runs the webhook. Each setting is a flag, an environment variable (PODGRAFT_LISTEN) and a key in the file ' +
        '(server.listen); a flag goes over the environment, the environment over the file, the file over the default.',
    );
  for (const key of settingKeys) {
    const { placeholder, help, fallback } = settings[key];
    command.option(`${flagOf(key)} <${placeholder}>`, fallback === '' ? help : `${help} Default: ${fallback}.`);
  }
  command
    .addHelpText(
      'after',
      `
Examples:
  podgraft serve --authentication off
  podgraft serve --config podgraft.yaml --listen 0.0.0.0:8443 --certificate-file tls.crt --key-file tls.key
  PODGRAFT_LOG_LEVEL=debug podgraft serve --tokens-file tokens.txt`,
    )
    .action(
      act(async (options: Flags) => {
        const { environment, stderr, signals } = terminal;
        const given = options['bundle'] ?? environment['PODGRAFT_BUNDLE'] ?? '';
        if (given === '') {
          await currentBundle(terminal);
        }
        const log = terminal.openLog();
        try {
          return await runServe({ flags: options, env: environment, stdout: log.output, stderr, signals });
        } finally {
          log.flush();
        }
      }),
    );
};
