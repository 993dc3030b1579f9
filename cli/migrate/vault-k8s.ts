// Turns the settings of a vault-k8s agent injector into the podgraft configuration that does the same.
import type { JsonObject } from '../../core/json.ts';
import { parseDuration } from '../../core/policy/parse-duration.ts';
import { parseFloat64 } from '../../core/policy/parse-float.ts';
import { parseGoFlags } from './go-flag.ts';
import { isGoBool, type Parsed, parseGoBool, parseGoInt } from './go-value.ts';
import { type ServerNote, serverSettings } from './vault-k8s-server.ts';
import { type VaultK8sSetting, vaultK8sSettings } from './vault-k8s-setting.ts';

/** A setting that has no counterpart, or whose counterpart differs. */
export interface MigrationNote {
  /** The flag or variable as the original knows it, or what else the note is about. */
  readonly setting: string;
  /** One sentence: what differs and what to do. */
  readonly message: string;
}

/** The outcome of a migration. */
export interface Migration {
  /** A podgraft configuration file as an object. Only what differs from podgraft's own defaults, the address aside. */
  readonly configuration: JsonObject;
  readonly notes: readonly MigrationNote[];
  /** Why the original would not start, in its own words and its order; absent where it would. */
  readonly errors?: readonly [string, ...string[]];
}

/** A setting with the value that it has in the end. */
interface Resolved {
  readonly setting: VaultK8sSetting;
  readonly value: string;
  /** The variable it came from, or the flag. */
  readonly name: string;
}

/**
 * Translates the arguments and the environment of `vault-k8s agent-inject`.
 *
 * Flags are read as Go reads them; a variable that is not empty beats its flag, an empty one says nothing.
 *
 * @param args the arguments, with or without the leading `agent-inject`
 * @param unreadable names of variables whose values are elsewhere (`valueFrom`): each that matters gets a note
 */
export const vaultK8sConfiguration = (
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  unreadable: readonly string[] = [],
): Migration => {
  const flags = parseGoFlags(args[0] === 'agent-inject' ? args.slice(1) : args, kindOf, isGoBool);
  const resolved = vaultK8sSettings.map((setting) => resolve(setting, flags.values, env));
  const normalised = resolved.map(normalise);
  const values = new Map(normalised.flatMap((entry) => ('error' in entry ? [] : [[key(entry.setting), entry]])));
  const server = serverSettings((name) => values.get(name)?.value ?? '');
  // A refused flag hides the ones behind it: nothing else can be said then.
  const [first, ...others] =
    flags.error === undefined
      ? [...valueErrors(normalised), ...startErrors(values, unreadable), ...server.errors]
      : [flags.error];
  return {
    configuration: {
      apiVersion: 'podgraft.dev/v1alpha1',
      kind: 'Configuration',
      ...section('server', server.settings),
      ...section('policy', section('vault_agent', vaultAgent([...values.values()]))),
    },
    notes: [
      ...strayFlags(flags.rest),
      ...named(server.notes, values),
      ...policyNotes(values),
      ...unreadableNotes(unreadable),
      ...unknownVariables([...Object.keys(env), ...unreadable]),
    ],
    ...(first === undefined ? {} : { errors: [first, ...others] as const }),
  };
};

const kindOf = (flag: string): 'text' | 'bool' | undefined => {
  const setting = vaultK8sSettings.find((candidate) => candidate.flag === flag);
  return setting === undefined ? undefined : setting.kind === 'bool' ? 'bool' : 'text';
};

const key = ({ target }: VaultK8sSetting): string => ('annotation' in target ? target.annotation : target.special);

/** A variable that is set, even to nothing, hides its alternative names. */
const resolve = (
  setting: VaultK8sSetting,
  flags: ReadonlyMap<string, string>,
  env: Readonly<Record<string, string>>,
): Resolved => {
  const variable = setting.variables.find((name) => Object.hasOwn(env, name));
  const fromEnv = variable === undefined ? '' : (env[variable] ?? '');
  if (variable !== undefined && fromEnv !== '') {
    return { setting, value: fromEnv, name: variable };
  }
  const flag = setting.flag ?? '';
  return {
    setting,
    value: flags.get(flag) ?? setting.preset,
    name: flag === '' ? (setting.variables.at(-1) ?? '') : `-${flag}`,
  };
};

/** Checks a value as the original does at its start, and writes it in one way. */
const normalise = (entry: Resolved): Resolved | { readonly error: string } => {
  const { setting, value } = entry;
  if (value === '' && setting.emptyIsPreset === true) {
    return { ...entry, value: setting.preset };
  }
  const parsed = parsers[setting.kind](value);
  return 'error' in parsed ? parsed : { ...entry, value: parsed.value };
};

const parsers: Readonly<Record<VaultK8sSetting['kind'], (text: string) => Parsed<string>>> = {
  text: (value) => ({ value }),
  bool: (text) => {
    const parsed = parseGoBool(text);
    return 'error' in parsed ? { error: `cannot parse '' as bool: ${parsed.error}` } : { value: `${parsed.value}` };
  },
  int: (text) => {
    const parsed = parseGoInt(text);
    return 'error' in parsed ? parsed : { value: `${parsed.value}` };
  },
  float: (value) => unlessRefused(value, parseFloat64),
  duration: (value) => unlessRefused(value, parseDuration),
};

/** Keeps a text as it is, once Go's parser has taken it; an empty one says nothing. */
const unlessRefused = (value: string, parse: (text: string) => JsonObject): Parsed<string> => {
  const error = value === '' ? '' : parse(value)['error'];
  return typeof error === 'string' && error !== '' ? { error } : { value };
};

const valueErrors = (entries: readonly (Resolved | { readonly error: string })[]): readonly string[] =>
  entries.flatMap((entry) => ('error' in entry ? [`Error parsing environment variables: ${entry.error}`] : []));

const startErrors = (values: ReadonlyMap<string, Resolved>, unreadable: readonly string[]): readonly string[] => {
  const template = values.get('agent-inject-default-template')?.value ?? '';
  const address = values.get('service');
  const hasAddress = address?.value !== '' || address.setting.variables.some((name) => unreadable.includes(name));
  return [
    ...(hasAddress ? [] : ['No Vault service configured']),
    ...(template === 'map' || template === 'json' ? [] : [`Invalid default flag type: ${template}`]),
  ];
};

const vaultAgent = (values: readonly Resolved[]): JsonObject => {
  const defaults = values.flatMap(({ setting, value }) =>
    'annotation' in setting.target && value !== setting.preset ? [[setting.target.annotation, value] as const] : [],
  );
  const caCertBytes = values.find(({ setting }) => key(setting) === 'caCertBytes')?.value ?? '';
  return {
    ...section('defaults', Object.fromEntries(defaults)),
    ...(caCertBytes === '' ? {} : { caCertBytes }),
  };
};

const section = (name: string, content: JsonObject): JsonObject =>
  Object.keys(content).length === 0 ? {} : { [name]: content };

const named = (notes: readonly ServerNote[], values: ReadonlyMap<string, Resolved>): readonly MigrationNote[] =>
  notes.map(({ key: name, message }) => ({ setting: values.get(name)?.name ?? name, message }));

const policyNotes = (values: ReadonlyMap<string, Resolved>): readonly MigrationNote[] => {
  const notes: MigrationNote[] = [];
  const threshold = values.get('leaseRenewalThreshold');
  if (threshold !== undefined && threshold.value !== '') {
    const message =
      'vault-k8s reads this variable and never uses it, so it is left out. To use it, set policy.vault_agent.defaults.template-lease-renewal-threshold.';
    notes.push({ setting: threshold.name, message });
  }
  const path = values.get('auth-path');
  if (path?.value === '') {
    notes.push({
      setting: path.name,
      message: 'With an empty auth path, vault-k8s refuses every pod that asks for injection.',
    });
  }
  return notes;
};

const strayFlags = (rest: readonly string[]): readonly MigrationNote[] =>
  rest
    .filter((arg) => arg.length > 1 && arg.startsWith('-'))
    .map((setting) => ({
      setting,
      message: `It stands behind the argument "${rest[0] ?? ''}", where vault-k8s no longer reads flags, so it is left out.`,
    }));

const unreadableNotes = (unreadable: readonly string[]): readonly MigrationNote[] =>
  unreadable.filter(isVaultK8sVariable).map((setting) => ({
    setting,
    message: 'The manifest does not carry its value (valueFrom). Give it with --env NAME=VALUE and migrate again.',
  }));

/** Tells whether the original reads a variable as one of its settings. */
export const isVaultK8sVariable = (name: string): boolean =>
  vaultK8sSettings.some(({ variables }) => variables.includes(name));

const unknownVariables = (names: readonly string[]): readonly MigrationNote[] =>
  names
    .filter((name) => name.startsWith('AGENT_INJECT_') && !isVaultK8sVariable(name))
    .map((setting) => ({ setting, message: 'vault-k8s knows no such variable and ignores it, so it is left out.' }));
