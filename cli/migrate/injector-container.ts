// Finds an injector in a manifest, with its arguments and its environment.
import { Fault } from '../../core/errors.ts';
import { isObject, type JsonObject, type JsonValue, own } from '../../core/json.ts';
import type { Manifest } from '../inject/manifest.ts';
import { findWorkloads } from '../inject/workload.ts';
import type { MigrationNote } from './vault-k8s.ts';

/** The injector's container, as far as the manifest says. */
export interface InjectorContainer {
  /** What stands behind the word. */
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** The variables whose values are elsewhere. */
  readonly unreadable: readonly string[];
  readonly notes: readonly MigrationNote[];
  readonly at: { readonly file: string; readonly line: number };
}

/** How an injector is known: the word with which its program is told to inject, and what it is called. */
export interface InjectorKind {
  readonly verb: string;
  readonly title: string;
}

/**
 * Finds the one container that runs the injector.
 *
 * @throws {Fault} `migrate.not_found` or `migrate.ambiguous`
 */
export const findInjector = (manifest: Manifest, { verb, title }: InjectorKind): InjectorContainer => {
  const found = manifest.documents.flatMap((document) =>
    findWorkloads(document.value).flatMap((workload) => {
      const spec = own(workload.pod, 'spec');
      const at = { file: manifest.file, line: document.lineOf(workload.path) };
      return objectsAt(isObject(spec) ? spec : {}, 'containers')
        .filter((container) => commandOf(container).includes(verb))
        .map((container) => readContainer(container, verb, at));
    }),
  );
  const [first, second] = found;
  if (first === undefined) {
    const message = `no container runs "${verb}"; give the Deployment of the ${title}`;
    throw new Fault('migrate.not_found', message, { at: { file: manifest.file } });
  }
  if (second !== undefined) {
    throw new Fault('migrate.ambiguous', `a second container runs "${verb}"; give one injector`, { at: second.at });
  }
  return first;
};

const readContainer = (container: JsonObject, verb: string, at: InjectorContainer['at']): InjectorContainer => {
  const env = new Map<string, string>();
  const unreadable = new Set<string>();
  for (const variable of objectsAt(container, 'env')) {
    const name = own(variable, 'name');
    if (typeof name === 'string' && own(variable, 'valueFrom') !== undefined) {
      env.delete(name);
      unreadable.add(name);
    } else if (typeof name === 'string') {
      unreadable.delete(name);
      env.set(name, expand(scalarText(own(variable, 'value')), env));
    }
  }
  const command = commandOf(container).map((arg) => expand(arg, env));
  return {
    args: command.slice(command.indexOf(verb) + 1),
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

const scalarText = (value: JsonValue | undefined): string =>
  value === undefined || value === null || typeof value === 'object' ? '' : String(value);
