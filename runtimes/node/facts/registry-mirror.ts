// Mirrors of registries: how the operator writes them, and what of an image they stand for.
import { canonicalRegistry, hostOf, isRegistry, isRepository } from './image-reference.ts';

/** A server that is asked in place of a registry. */
export interface RegistryMirror {
  /** The registry that it stands for, by its canonical name. */
  readonly of: string;
  /** The mirror by the name that settings and logins know it by. */
  readonly registry: string;
  /** Host and port to ask. */
  readonly host: string;
  /** What stands before the repository there: empty, or a path without slashes at its ends. */
  readonly prefix: string;
}

/**
 * Reads one mirror: `docker.io=mirror.example:5000`, or with a path, `docker.io=mirror.example/hub`.
 *
 * @returns `undefined` where the text is none
 */
export const parseMirror = (text: string): RegistryMirror | undefined => {
  const [, of = '', server = '', prefix = ''] = /^([^=/]+)=([^=/]+)(?:\/([^=]+))?$/.exec(text) ?? [];
  const registry = canonicalRegistry(server);
  return isRegistry(canonicalRegistry(of)) && isRegistry(registry) && (prefix === '' || isRepository(prefix))
    ? { of: canonicalRegistry(of), registry, host: hostOf(registry), prefix }
    : undefined;
};
