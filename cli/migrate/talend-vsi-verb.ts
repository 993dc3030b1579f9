// podgraft migrate talend-vsi: reads an installation of the Talend Vault Sidecar Injector.
import { Fault } from '../../core/errors.ts';
import { isObject, type JsonObject, type JsonValue, own } from '../../core/json.ts';
import { exitCodes } from '../exit-code.ts';
import { filenameOption } from '../filename-option.ts';
import type { Manifest } from '../inject/manifest.ts';
import { readManifests } from '../inject/read-manifests.ts';
import type { Terminal } from '../terminal.ts';
import { type AddVerb, reportError } from '../verb.ts';
import { formatConfiguration } from './format-configuration.ts';
import { findInjector } from './injector-container.ts';
import { reportNotes } from './report-notes.ts';
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
    .addOption(filenameOption('The manifest with both, or one of them; - is standard input.'))
    .addHelpText('after', EXAMPLES)
    .action(act(({ filename }: { readonly filename: readonly string[] }) => migrateTalendVsi(filename, terminal)));
};

const EXAMPLES = `
Examples:
  helm get manifest vault-sidecar-injector | podgraft migrate talend-vsi -f - > podgraft.yaml
  kubectl -n vault get deployment,configmap -o yaml | podgraft migrate talend-vsi -f -`;

const migrateTalendVsi = async (filenames: readonly string[], terminal: Terminal): Promise<number> => {
  const manifests = (await readManifests(filenames, terminal)).flatMap((file) => file.manifests);
  const found = findInjector(manifests, { verb: 'webhook', title: 'Vault Sidecar Injector' });
  const { configuration, notes, errors } = talendVsiConfiguration(found.args, filesOf(manifests));
  if (errors !== undefined) {
    for (const error of errors) {
      const message = `the Vault Sidecar Injector would not start: ${error}`;
      reportError(new Fault('migrate.refused', message, { at: found.at }), terminal);
    }
    return exitCodes.failed.code;
  }
  const all = [...found.notes, ...notes];
  reportNotes({ found, notes: all }, terminal);
  terminal.stdout.write(formatConfiguration(configuration, all, 'Talend Vault Sidecar Injector'));
  return exitCodes.ok.code;
};

/** The files of all ConfigMaps; those of the injector have names of their own. */
const filesOf = (manifests: readonly Manifest[]): Readonly<Record<string, string>> =>
  Object.fromEntries(
    manifests
      .flatMap(({ documents }) => documents)
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
