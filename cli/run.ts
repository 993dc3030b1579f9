// Reads the command line, runs the verb it names, and turns every failure into a message and an exit code.
import { Command, CommanderError } from 'commander';
import { addBundle } from './bundle.ts';
import { exitCodes, exitCodesHelp } from './exit-code.ts';
import { addInject } from './inject.ts';
import { addMigrate } from './migrate.ts';
import { addServe } from './serve.ts';
import type { Terminal } from './terminal.ts';
import { type Act, reportError } from './verb.ts';
import { addVersion, version } from './version.ts';

/** Runs one command line, without the program's name, and answers with the exit code. */
export const run = async (args: readonly string[], terminal: Terminal): Promise<number> => {
  const outcome: { code: number } = { code: exitCodes.ok.code };
  const act: Act =
    (action) =>
    async (...given) => {
      outcome.code = await action(...given);
    };
  const program = createProgram(terminal);
  for (const add of [addInject, addServe, addBundle, addMigrate, addVersion]) {
    add(program, terminal, act);
  }
  pointToHelp(program, 'podgraft');
  try {
    if (args.length === 0) {
      program.outputHelp({ error: true });
      return exitCodes.usage.code;
    }
    await program.parseAsync([...args], { from: 'user' });
    return outcome.code;
  } catch (thrown) {
    if (thrown instanceof CommanderError) {
      return thrown.exitCode === 0 ? exitCodes.ok.code : exitCodes.usage.code;
    }
    reportError(thrown, terminal);
    return exitCodes.failed.code;
  }
};

/** A wrong command line is answered with the help of the verb that it is for. */
const pointToHelp = (command: Command, name: string): void => {
  command.showHelpAfterError(`(see ${name} --help)`);
  for (const below of command.commands) {
    pointToHelp(below, `${name} ${below.name()}`);
  }
};

const createProgram = (terminal: Terminal): Command =>
  new Command('podgraft')
    .description('Grafts sidecars onto pods: as a webhook, or on a manifest.')
    .version(version, '-V, --version', 'Print the version.')
    .helpOption('-h, --help', 'Show help.')
    .helpCommand('help [verb]', 'Show help for a verb.')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => void terminal.stdout.write(text),
      writeErr: (text) => void terminal.stderr.write(text),
      getOutHelpWidth: () => 100,
      getErrHelpWidth: () => 100,
      getOutHasColors: () => terminal.colour.stdout,
      getErrHasColors: () => terminal.colour.stderr,
      outputError: (text, write) => write(text.replace(/^error: /, 'podgraft: ')),
    })
    .addHelpText(
      'after',
      `
Examples:
  podgraft inject -f deployment.yaml | kubectl apply -f -
  podgraft inject -f deployment.yaml --diff
  podgraft serve --config podgraft.yaml --listen 0.0.0.0:8443
  kubectl get deployment vault-agent-injector -o yaml | podgraft migrate vault-k8s -f -

${exitCodesHelp()}`,
    );
