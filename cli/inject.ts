// podgraft inject: does to a manifest what the webhook would do to its pods.
import { Option } from 'commander';
import { createColors } from 'picocolors';
import { Fault } from '../core/errors.ts';
import type { Injector } from '../core/injector.ts';
import type { Review } from '../core/review.ts';
import { exitCodes } from './exit-code.ts';
import { formatDiff } from './inject/diff.ts';
import { type Format, formatResult, formats } from './inject/format.ts';
import { type InjectedManifest, injectManifest, type ReviewedWorkload } from './inject/inject-manifest.ts';
import { type Manifest, parseManifest } from './inject/manifest.ts';
import { type FactOptions, openFacts } from './inject/open-facts.ts';
import { workloadKinds } from './inject/workload.ts';
import { writeManifest } from './inject/write-manifest.ts';
import { loadInjector } from './injector.ts';
import { readInput } from './input.ts';
import type { Terminal } from './terminal.ts';
import { type AddVerb, reportError } from './verb.ts';

interface Options extends FactOptions {
  readonly filename: string;
  readonly namespace: string;
  readonly config?: string;
  readonly bundle?: string;
  readonly output?: Format;
  readonly diff?: boolean;
  readonly serviceAccount: boolean;
  readonly quiet?: boolean;
}

/** Adds the verb. */
export const addInject: AddVerb = (program, terminal, act) => {
  program
    .command('inject')
    .summary('inject into the pods of a manifest')
    .description(
      `Does to a manifest what the webhook would do to its pods: ${workloadKinds.join(', ')}, also in a List. ` +
        'Other objects, comments and formatting pass through as they are.',
    )
    .requiredOption('-f, --filename <FILE>', 'The manifest, YAML or JSON; - is standard input.')
    .option('-n, --namespace <NAME>', 'The namespace of objects that name none.', 'default')
    .option('--config <FILE>', 'The configuration file. Default: $PODGRAFT_CONFIG, or none.')
    .option(
      '--bundle <FOLDER|FILE>',
      'The policy bundle, or its archive. Default: $PODGRAFT_BUNDLE, or the one that comes with podgraft.',
    )
    .option('--facts <FILE>', 'What the policy asks for outside of the manifest, recorded earlier: lookup key to fact.')
    .option('--lookup', 'Look up what the policy asks for: in registries, and in the cluster of your kubeconfig.')
    .addOption(
      new Option('--record-facts <FILE>', 'Write what was found, for --facts. Implies --lookup.').implies({
        lookup: true,
      }),
    )
    .addOption(new Option('-o, --output <FORMAT>', FORMAT_HELP).choices(formats))
    .addOption(new Option('--diff', 'Show what would change as a unified diff.').conflicts('output'))
    .option(
      '--no-service-account',
      'The manifest comes from a cluster: leave out the ServiceAccount admission that the API server does first.',
    )
    .option('-q, --quiet', 'Do not say which pods are left alone, and why.')
    .addHelpText('after', EXAMPLES)
    .action(act((options: Options) => inject(options, terminal)));
};

const FORMAT_HELP =
  'yaml or json: the manifest; patch: a JSON Patch for each document; review, request: the AdmissionReview ' +
  'for each pod, with the response or as it is asked. Default: the manifest in the format it came in.';

const EXAMPLES = `
Examples:
  podgraft inject -f deployment.yaml --diff
  podgraft inject -f deployment.yaml --config podgraft.yaml | kubectl apply -f -
  kubectl create job once --image=app --dry-run=client -o yaml | podgraft inject -f - -n batch
  podgraft inject -f deployment.yaml --record-facts facts.yaml
  podgraft inject -f deployment.yaml --facts facts.yaml
  podgraft inject -f pod.yaml -o request | curl -k -H 'Content-Type: application/json' -d @- https://127.0.0.1:8443/mutate

A denied pod ends with exit code 3 and its reason on stderr; then no manifest is written.`;

const inject = async (options: Options, terminal: Terminal): Promise<number> => {
  const { text, file } = await readInput(options.filename, terminal);
  const manifest = parseManifest(text, file);
  if (manifest.documents.every(({ value }) => value === null)) {
    throw new Fault('input.empty', 'there is no object in it', { at: { file } });
  }
  const { environment } = terminal;
  const source = {
    bundle: options.bundle ?? environment['PODGRAFT_BUNDLE'] ?? '',
    config: options.config ?? environment['PODGRAFT_CONFIG'] ?? '',
  };
  const facts = await openFacts(options, source.config, terminal);
  const injector = await loadInjector(source, terminal, facts.find);
  const injected = await injectManifest(manifest, injector, options);
  await facts.end();
  const code = report({ manifest, injected, injector }, options, terminal);
  if (code === exitCodes.ok.code || options.output === 'review' || options.output === 'request') {
    writeResult({ manifest, injected }, options, terminal);
  }
  return code;
};

interface Result {
  readonly manifest: Manifest;
  readonly injected: InjectedManifest;
}

const writeResult = ({ manifest, injected }: Result, { output, diff }: Options, terminal: Terminal): void => {
  const { text, rewritten } = writeManifest(manifest, injected.values);
  for (const line of rewritten) {
    say(terminal, `${manifest.file}:${line}: written anew without its comments: its anchors are in the way`);
  }
  terminal.stdout.write(
    diff === true
      ? formatDiff(manifest.file, { before: manifest.text, after: text, colour: terminal.colour.stdout })
      : formatResult(output, { manifest, injected, text }),
  );
};

/** Says on stderr what is to be said, and gives the exit code. */
const report = (
  { manifest, injected, injector }: Result & { readonly injector: Injector },
  { quiet }: Options,
  terminal: Terminal,
): number => {
  const { workloads } = injected;
  if (quiet !== true) {
    for (const warning of injector.warnings) {
      say(terminal, `podgraft: warning: ${warning}`);
    }
    if (workloads.length === 0) {
      say(terminal, `${manifest.file}: there is no pod in it, so it passes through as it is`);
    }
  }
  const codes = workloads.map((reviewed) => reportOne(reviewed, { file: manifest.file, quiet, injector, terminal }));
  const worst = [exitCodes.failed.code, exitCodes.denied.code].find((code) => codes.includes(code));
  return worst ?? exitCodes.ok.code;
};

interface Context {
  readonly file: string;
  readonly quiet: boolean | undefined;
  readonly injector: Injector;
  readonly terminal: Terminal;
}

const reportOne = (reviewed: ReviewedWorkload, { file, quiet, injector, terminal }: Context): number => {
  const { result, line, workload, namespace } = reviewed;
  if ('fault' in result) {
    reportError(result.fault, terminal);
    return exitCodes.failed.code;
  }
  const { review } = result;
  const subject = printable(`${file}:${line}: ${workload.kind} ${namespace}/${workload.name || '(no name)'}`);
  const { response } = review.response;
  for (const warning of response.warnings ?? []) {
    say(terminal, `${subject}: warning: ${printable(warning)}`);
  }
  if (review.outcome === 'denied') {
    const colours = createColors(terminal.colour.stderr);
    say(terminal, colours.red(`${subject} is denied: ${printable(response.status?.message ?? '')}`));
    return exitCodes.denied.code;
  }
  if (review.outcome !== 'injected' && quiet !== true) {
    say(terminal, `${subject} is left alone: ${whyNot(review.codes, injector)}`);
  }
  return exitCodes.ok.code;
};

const whyNot = (codes: Review['codes'], injector: Injector): string =>
  [...new Set(codes.map(({ system, code }) => injector.sentence(system, code) ?? `${system}/${code}`))].join(' ');

/** What a manifest says may hold escape sequences; a terminal would obey them. */
const printable = (text: string): string =>
  text.replace(/\p{Cc}/gu, (character) => (character === '\n' ? '\\n' : '\ufffd'));

const say = ({ stderr }: Terminal, line: string): void => void stderr.write(`${line}\n`);
