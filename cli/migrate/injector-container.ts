// Finds an injector in a manifest, with its arguments and its environment.
import { Fault } from '../../core/errors.ts';
import { isObject, type JsonObject, own } from '../../core/json.ts';
import { ExactNumber } from '../inject/exact-number.ts';
import type { Manifest } from '../inject/manifest.ts';
import { findWorkloads } from '../inject/workload.ts';
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
export const findInjector = (manifest: Manifest, kind: InjectorKind): InjectorContainer => {
  const what = 'verb' in kind ? `"${kind.verb}"` : kind.names.join(' or ');
  const found = manifest.documents.flatMap((document) =>
    findWorkloads(document.value).flatMap((workload) => {
      const spec = own(workload.pod, 'spec');
      const at = { file: manifest.file, line: document.lineOf(workload.path) };
      return objectsAt(isObject(spec) ? spec : {}, 'containers')
        .map((container) => ({ container, name: knownAs(container, kind) }))
        .flatMap(({ container, name }) => (name === undefined ? [] : [readContainer(container, name, at)]));
    }),
  );
  const [first, second] = found;
  if (first === undefined) {
    const message = `no container runs ${what}; give the Deployment of the ${kind.title}`;
    throw new Fault('migrate.not_found', message, { at: { file: manifest.file } });
  }
  if (second !== undefined) {
    throw new Fault('migrate.ambiguous', `a second container runs ${what}; give one injector`, { at: second.at });
  }
  return first;
};

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

const readContainer = (container: JsonObject, name: string, at: InjectorContainer['at']): InjectorContainer => {
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
    at,
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
