// podgraft migrate talend-vsi: reads an installation of the Talend Vault Sidecar Injector.
import { Fault } from '../../core/errors.ts';
import { isObject, type JsonObject, type JsonValue, own } from '../../core/json.ts';
import { exitCodes } from '../exit-code.ts';
import { type Manifest, parseManifest } from '../inject/manifest.ts';
import { readInput } from '../input.ts';
import type { Terminal } from '../terminal.ts';
import { type AddVerb, reportError } from '../verb.ts';
import { formatConfiguration } from './format-configuration.ts';
import { findInjector } from './injector-container.ts';
import { talendVsiConfiguration } from './talend-vsi.ts';

/** Adds the verb below `migrate`. */
export const addMigrateTalendVsi: AddVerb = (migrate, terminal, act) => {
  migrate
    .command('talend-vsi')
    .summary('read a Talend Vault Sidecar Injector')
    .description(
      'Reads the Deployment and the ConfigMap of a Talend Vault Sidecar Injector, from its Helm chart or from the ' +
        'cluster, and prints the podgraft configuration that does the same. Comments in it name what has no ' +
        'counterpart, or differs.',
    )
    .requiredOption('-f, --filename <FILE>', 'The manifest with both; - is standard input.')
    .addHelpText('after', EXAMPLES)
    .action(act(({ filename }: { readonly filename: string }) => migrateTalendVsi(filename, terminal)));
};

const EXAMPLES = `
Examples:
  helm get manifest vault-sidecar-injector | podgraft migrate talend-vsi -f - > podgraft.yaml
  kubectl -n vault get deployment,configmap -o yaml | podgraft migrate talend-vsi -f -`;

const migrateTalendVsi = async (filename: string, terminal: Terminal): Promise<number> => {
  const { text, file } = await readInput(filename, terminal);
  const manifest = parseManifest(text, file);
  const found = findInjector(manifest, { verb: 'webhook', title: 'Vault Sidecar Injector' });
  const { configuration, notes, errors } = talendVsiConfiguration(found.args, filesOf(manifest));
  if (errors !== undefined) {
    for (const error of errors) {
      const message = `the Vault Sidecar Injector would not start: ${error}`;
      reportError(new Fault('migrate.refused', message, { at: found.at }), terminal);
    }
    return exitCodes.failed.code;
  }
  const all = [...found.notes, ...notes];
  for (const { setting, message } of all) {
    terminal.stderr.write(`${file}:${found.at.line}: ${setting}: ${message}\n`);
  }
  terminal.stdout.write(formatConfiguration(configuration, all, 'Talend Vault Sidecar Injector'));
  return exitCodes.ok.code;
};

/** The files of all ConfigMaps; those of the injector have names of their own. */
const filesOf = ({ documents }: Manifest): Readonly<Record<string, string>> =>
  Object.fromEntries(
    documents
      .flatMap(({ value }) => objectsOf(value))
      .filter((object) => own(object, 'kind') === 'ConfigMap')
      .flatMap((object) => {
        const data = own(object, 'data');
        return Object.entries(isObject(data) ? data : {});
      })
      .flatMap(([name, content]) => (typeof content === 'string' ? [[name, content] as const] : [])),
  );

const objectsOf = (value: JsonValue): readonly JsonObject[] => {
  if (!isObject(value)) {
    return [];
  }
  const items = own(value, 'items');
  return Array.isArray(items) ? items.filter(isObject) : [value];
};
