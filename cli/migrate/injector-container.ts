// Finds an injector in a manifest, with its arguments and its environment.
import { Fault } from '../../core/errors.ts';
import { isObject, type JsonObject, type JsonValue, own } from '../../core/json.ts';
import { ExactNumber } from '../inject/exact-number.ts';
import type { Manifest } from '../inject/manifest.ts';
import { findWorkloads } from '../inject/workload.ts';
import { settingLine } from './setting-line.ts';
import type { MigrationNote } from './vault-k8s.ts';

/** The injector's container, as far as the manifest says. */
export interface InjectorContainer {
  /** What stands behind the word. */
  readonly args: readonly string[];
  /** The name by which it was known; the word, where that is what it is known by. */
  readonly name: string;
  readonly env: Readonly<Record<string, string>>;
  /** The variables whose values are elsewhere. */
  readonly unreadable: readonly string[];
  readonly notes: readonly MigrationNote[];
  readonly at: { readonly file: string; readonly line: number };
  /** The line of a variable or an argument; of the container where it has none. */
  readonly lineOf: (setting: string) => number;
}

/**
 * How an injector is known: the word with which its program is told to inject, or, where there is none, the names that
 * its image or its container may have; and what people call it.
 */
export type InjectorKind = { readonly title: string } & (
  | { readonly verb: string }
  | { readonly names: readonly string[] }
);

/**
 * Finds the one container that runs the injector.
 *
 * @throws {Fault} `migrate.not_found` or `migrate.ambiguous`
 */
export const findInjector = (manifests: readonly Manifest[], kind: InjectorKind): InjectorContainer => {
  const what = 'verb' in kind ? `"${kind.verb}"` : kind.names.join(' or ');
  const [first, second] = manifests.flatMap((manifest) => findInjectors(manifest, kind));
  if (first === undefined) {
    const message = `no container runs ${what}; give the Deployment of the ${kind.title}`;
    const file = [...new Set(manifests.map((manifest) => manifest.file))].join(', ');
    throw new Fault('migrate.not_found', message, { at: { file } });
  }
  if (second !== undefined) {
    throw new Fault('migrate.ambiguous', `a second container runs ${what}; give one injector`, { at: second.at });
  }
  return first;
};

const findInjectors = ({ file, documents }: Manifest, kind: InjectorKind): readonly InjectorContainer[] =>
  documents.flatMap((document) =>
    findWorkloads(document.value).flatMap(({ pod, podPath, path }) => {
      const spec = own(pod, 'spec');
      const containers = isObject(spec) ? own(spec, 'containers') : undefined;
      const at = { file, line: document.lineOf(path) };
      return (Array.isArray(containers) ? containers : []).flatMap((container: JsonValue, index) => {
        const name = isObject(container) ? knownAs(container, kind) : undefined;
        if (!isObject(container) || name === undefined) {
          return [];
        }
        const placed = { container, path: [...podPath, 'spec', 'containers', index], document };
        return [{ ...readContainer(container, name), at, lineOf: (setting: string) => settingLine(placed, setting) }];
      });
    }),
  );

/** The word or the name by which a container is the injector; `undefined` where it is not. */
const knownAs = (container: JsonObject, kind: InjectorKind): string | undefined => {
  if ('verb' in kind) {
    return commandOf(container).find((word) => word === kind.verb);
  }
  const names = [imageName(container), scalarText(own(container, 'name'))];
  return names.find((name) => kind.names.includes(name));
};

/** An image's name without registry, folders, tag and digest. */
const imageName = (container: JsonObject): string => {
  const [path = ''] = scalarText(own(container, 'image')).split('@');
  return path.slice(path.lastIndexOf('/') + 1).replace(/:.*$/, '');
};

const readContainer = (container: JsonObject, name: string): Omit<InjectorContainer, 'at' | 'lineOf'> => {
  const env = new Map<string, string>();
  const unreadable = new Set<string>();
  for (const variable of objectsAt(container, 'env')) {
    const key = own(variable, 'name');
    if (typeof key === 'string' && own(variable, 'valueFrom') !== undefined) {
      env.delete(key);
      unreadable.add(key);
    } else if (typeof key === 'string') {
      unreadable.delete(key);
      env.set(key, expand(scalarText(own(variable, 'value')), env));
    }
  }
  const command = commandOf(container).map((arg) => expand(arg, env));
  return {
    args: command.slice(command.indexOf(name) + 1),
    name,
    env: Object.fromEntries(env),
    unreadable: [...unreadable],
    notes:
      own(container, 'envFrom') === undefined
        ? []
        : [
            {
              setting: 'envFrom',
              message: 'The manifest does not carry these variables. Give those that matter with --env NAME=VALUE.',
            },
          ],
  };
};

/** The arguments behind those of the image: its own entrypoint is the program's name. */
const commandOf = (container: JsonObject): readonly string[] =>
  ['command', 'args'].flatMap((key) => {
    const list = own(container, key);
    return Array.isArray(list) ? list.map(scalarText) : [];
  });

/** `$(NAME)` stands for a variable defined before; `$$` for a dollar ([reference](https://kubernetes.io/docs/tasks/inject-data-application/define-interdependent-environment-variables/)). */
const expand = (text: string, env: ReadonlyMap<string, string>): string =>
  text.replace(/\$\$|\$\(([^)]*)\)/g, (all, name: string | undefined) =>
    name === undefined ? '$' : (env.get(name) ?? all),
  );

const objectsAt = (object: JsonObject, key: string): readonly JsonObject[] => {
  const list = own(object, key);
  return Array.isArray(list) ? list.filter(isObject) : [];
};

const scalarText = (value: unknown): string =>
  value === undefined || value === null || (typeof value === 'object' && !(value instanceof ExactNumber))
    ? ''
    : String(value);
