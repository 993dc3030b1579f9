// Turns the settings of a Talend Vault Sidecar Injector into the podgraft configuration that does the same.
import type { JsonObject } from '../../core/json.ts';
import type { SettingKey } from '../../runtimes/node/settings.ts';
import { type FlagKind, parseGoFlags } from './go-flag.ts';
import { isGoBool } from './go-value.ts';
import { type FileReading, readConfigurationFiles } from './talend-vsi-files.ts';
import type { Migration, MigrationNote } from './vault-k8s.ts';

/** A flag of the original: what it is when not given, and what becomes of it. */
interface Flag {
  readonly preset: string;
  readonly becomes:
    | { readonly policy: string }
    | { readonly server: SettingKey; readonly prefix?: string }
    | { readonly note: string }
    | 'file';
}

const NOT_READ =
  'podgraft does not write the webhook configuration: put the authority of its certificate there (clientConfig.caBundle).';

const FLAGS: Readonly<Record<string, Flag>> = {
  port: { preset: '8443', becomes: { server: 'listen', prefix: ':' } },
  metricsport: { preset: '9000', becomes: { server: 'metricsListen', prefix: ':' } },
  certfile: { preset: 'tls.crt', becomes: { server: 'certificateFile' } },
  keyfile: { preset: 'tls.key', becomes: { server: 'keyFile' } },
  cacertfile: { preset: 'ca.crt', becomes: { note: NOT_READ } },
  webhookcfgname: { preset: '', becomes: { note: NOT_READ } },
  annotationkeyprefix: { preset: 'sidecar.vault', becomes: { policy: 'annotationPrefix' } },
  applabelkey: { preset: 'application.name', becomes: { policy: 'applicationLabel' } },
  appservicelabelkey: { preset: 'service.name', becomes: { policy: 'serviceLabel' } },
  injectioncfgfile: { preset: '', becomes: 'file' },
  proxycfgfile: { preset: '', becomes: 'file' },
  tmplblockfile: { preset: '', becomes: 'file' },
  tmpldefaultfile: { preset: '', becomes: 'file' },
  podlchooksfile: { preset: '', becomes: 'file' },
};

/** The flags of the original's log library. They say nothing that podgraft needs. */
const KLOG_BOOLS = ['add_dir_header', 'alsologtostderr', 'logtostderr', 'skip_headers', 'skip_log_headers'];
const KLOG_TEXTS = ['log_backtrace_at', 'log_dir', 'log_file', 'log_file_max_size', 'stderrthreshold', 'v', 'vmodule'];

/**
 * Translates the arguments of `vaultinjector-webhook webhook` and the files of its ConfigMap.
 *
 * @param args the arguments, with or without the leading `webhook`
 * @param files the ConfigMap's `data`; the flags name its keys, as the last part of a path
 */
export const talendVsiConfiguration = (
  args: readonly string[],
  files: Readonly<Record<string, string>> = {},
): Migration => {
  const flags = parseGoFlags(args[0] === 'webhook' ? args.slice(1) : args, kindOf, isGoBool);
  const textOf = (name: string): string => flags.values.get(name) ?? FLAGS[name]?.preset ?? '';
  const read = readConfigurationFiles((flag) => findFile(textOf(flag), files));
  const server = serverSection(textOf);
  return {
    configuration: {
      apiVersion: 'podgraft.dev/v1alpha1',
      kind: 'Configuration',
      ...(Object.keys(server).length === 0 ? {} : { server }),
      policy: { talend_vsi: { ...policySection(textOf), ...read.settings } },
    },
    notes: [...flagNotes(flags.values), ...namedNotes(read, textOf)],
    ...(flags.error === undefined ? {} : { errors: [flags.error] as const }),
  };
};

const kindOf = (name: string): FlagKind | undefined => {
  if (KLOG_BOOLS.includes(name)) {
    return 'bool';
  }
  return Object.hasOwn(FLAGS, name) || KLOG_TEXTS.includes(name) ? 'text' : undefined;
};

const findFile = (path: string, files: Readonly<Record<string, string>>): string | undefined => {
  const key = path.slice(path.lastIndexOf('/') + 1);
  return Object.hasOwn(files, key) ? files[key] : undefined;
};

/** The port is podgraft's own default too, and a certificate that was not named is not known. */
const serverSection = (textOf: (name: string) => string): JsonObject =>
  Object.fromEntries(
    Object.entries(FLAGS).flatMap(([name, { preset, becomes }]) => {
      if (becomes === 'file' || !('server' in becomes)) {
        return [];
      }
      const value = textOf(name);
      return value === preset && name !== 'metricsport' ? [] : [[becomes.server, `${becomes.prefix ?? ''}${value}`]];
    }),
  );

const policySection = (textOf: (name: string) => string): JsonObject =>
  Object.fromEntries(
    Object.entries(FLAGS).flatMap(([name, { becomes }]) =>
      becomes !== 'file' && 'policy' in becomes ? [[becomes.policy, textOf(name)]] : [],
    ),
  );

const flagNotes = (values: ReadonlyMap<string, string>): readonly MigrationNote[] =>
  [...values.keys()].flatMap((name) => {
    const becomes = FLAGS[name]?.becomes;
    return becomes !== undefined && becomes !== 'file' && 'note' in becomes
      ? [{ setting: `-${name}`, message: becomes.note }]
      : [];
  });

const namedNotes = ({ notes }: FileReading, textOf: (name: string) => string): readonly MigrationNote[] =>
  notes.map(({ flag, message }) => ({ setting: textOf(flag) === '' ? `-${flag}` : textOf(flag), message }));
