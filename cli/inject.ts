// podgraft inject: does to a manifest what the webhook would do to its pods.
import { Option } from 'commander';
import type { Injector } from '../core/injector.ts';
import { exitCodes } from './exit-code.ts';
import { filenameOption } from './filename-option.ts';
import { type Format, formatResultDiff, formatResults, formats, type Result } from './inject/format.ts';
import { type InjectedManifest, injectManifest } from './inject/inject-manifest.ts';
import type { Manifest } from './inject/manifest.ts';
import { type FactOptions, openFacts } from './inject/open-facts.ts';
import { readManifests } from './inject/read-manifests.ts';
import { reportFile, worst } from './inject/report.ts';
import { workloadKinds } from './inject/workload.ts';
import { writeManifest } from './inject/write-manifest.ts';
import { loadInjector } from './injector.ts';
import type { Terminal } from './terminal.ts';
import type { AddVerb } from './verb.ts';

interface Options extends FactOptions {
  readonly filename: readonly string[];
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
    .addOption(filenameOption('The manifest, YAML or JSON; - is standard input.'))
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
  podgraft inject -f web.yaml -f worker.yaml
  kubectl create job once --image=app --dry-run=client -o yaml | podgraft inject -f - -n batch
  podgraft inject -f deployment.yaml --record-facts facts.yaml
  podgraft inject -f deployment.yaml --facts facts.yaml
  podgraft inject -f pod.yaml -o request | curl -k -H 'Content-Type: application/json' -d @- https://127.0.0.1:8443/mutate

A denied pod ends with exit code 3 and its reason on stderr; then no manifest is written.`;

const inject = async (options: Options, terminal: Terminal): Promise<number> => {
  const files = await readManifests(options.filename, terminal);
  const { environment } = terminal;
  const source = {
    bundle: options.bundle ?? environment['PODGRAFT_BUNDLE'] ?? '',
    config: options.config ?? environment['PODGRAFT_CONFIG'] ?? '',
  };
  const facts = await openFacts(options, source.config, terminal);
  const injector = await loadInjector(source, terminal, facts.find);
  const reporting = { quiet: options.quiet === true, injector, terminal };
  for (const warning of reporting.quiet ? [] : injector.warnings) {
    terminal.stderr.write(`podgraft: warning: ${warning}\n`);
  }
  const injected: InjectedFile[] = [];
  for (const { file, manifests } of files) {
    injected.push({ file, results: await injectAll(manifests, injector, options) });
  }
  await facts.end();
  const code = worst(injected.map(({ file, results }) => reportFile(file, results, reporting)));
  if (code === exitCodes.ok.code || options.output === 'review' || options.output === 'request') {
    writeResults(injected, options, terminal);
  }
  return code;
};

/** A manifest with what became of its pods. */
interface Injected {
  readonly manifest: Manifest;
  readonly injected: InjectedManifest;
}

interface InjectedFile {
  readonly file: string;
  readonly results: readonly Injected[];
}

const injectAll = async (
  manifests: readonly Manifest[],
  injector: Injector,
  options: Options,
): Promise<readonly Injected[]> => {
  const results: Injected[] = [];
  for (const manifest of manifests) {
    results.push({ manifest, injected: await injectManifest(manifest, injector, options) });
  }
  return results;
};

const writeResults = (files: readonly InjectedFile[], { output, diff }: Options, terminal: Terminal): void => {
  const written = files.map(({ results }) => results.map((result) => write(result, terminal)));
  terminal.stdout.write(
    diff === true
      ? written.map((results) => formatResultDiff(results, terminal.colour.stdout)).join('')
      : formatResults(output, written.flat()),
  );
};

const write = ({ manifest, injected }: Injected, { stderr }: Terminal): Result => {
  const written = writeManifest(manifest, injected.values);
  for (const line of written.rewritten) {
    stderr.write(`${manifest.file}:${line}: written anew without its comments: its anchors are in the way\n`);
  }
  return { manifest, injected, written };
};
