// Which registries may be asked, where, and how.
import { canonicalRegistry, type ImageReference } from './image-reference.ts';
import { noFact } from './no-fact.ts';
import type { RegistryMirror } from './registry-mirror.ts';

/** What the operator says of registries. */
export interface RegistrySettings {
  /** `*`, `*.example.com`, or hosts with their ports. */
  readonly registries: readonly string[];
  readonly registryMirrors: readonly RegistryMirror[] | 'off';
  /** Registries that are spoken to by plain HTTP. */
  readonly plainHttpRegistries: readonly string[] | 'off';
  /** Registries whose certificate a pod may leave unverified. */
  readonly unverifiedRegistries: readonly string[] | 'off';
}

/** Where an image is asked for, and how. */
export interface RegistryRule {
  readonly protocol: 'https:' | 'http:';
  /** The registry that is asked, or its mirror, by the name that credentials and settings know it by. */
  readonly registry: string;
  /** Its host and port. */
  readonly host: string;
  /** The repository as it is called there. */
  readonly repository: string;
  /** What each request for a part of the repository ends with: a mirror is told whom it stands for. */
  readonly query: string;
  /** Whether a server, of this registry or one that it sends podgraft to, may have any address. */
  readonly mayHaveAnyAddress: (host: string) => boolean;
}

/**
 * Finds the rule for an image. A server that the operator names, without a wildcard, may have any address.
 *
 * @throws {Fault} `fact.forbidden` where it may not be asked at all, or not in this way
 */
export const ruleFor = (
  settings: RegistrySettings,
  reference: ImageReference,
  { skipTlsVerify }: { readonly skipTlsVerify: boolean },
): RegistryRule => {
  if (!isOneOf(settings.registries, reference.registry)) {
    throw noFact('forbidden', `podgraft is not allowed to ask the registry ${reference.registry}`);
  }
  const mirrors = settings.registryMirrors === 'off' ? [] : settings.registryMirrors;
  const place = placeOf(reference, mirrors);
  if (skipTlsVerify && !isOneOf(settings.unverifiedRegistries, place.registry)) {
    throw noFact('forbidden', `podgraft is not allowed to ask ${place.registry} without verifying its certificate`);
  }
  const named = [...settings.registries.map(canonicalRegistry), ...mirrors.map(({ registry }) => registry)];
  return {
    ...place,
    protocol: isOneOf(settings.plainHttpRegistries, place.registry) ? 'http:' : 'https:',
    mayHaveAnyAddress: (host) => named.includes(canonicalRegistry(host)),
  };
};

type Place = Pick<RegistryRule, 'registry' | 'host' | 'repository' | 'query'>;

/** As containerd does, a mirror is told in `ns` which registry is meant: some stand for several. */
const placeOf = (reference: ImageReference, mirrors: readonly RegistryMirror[]): Place => {
  const { registry, host, repository } = reference;
  const mirror = mirrors.find(({ of }) => of === registry);
  return mirror === undefined
    ? { registry, host, repository, query: '' }
    : {
        registry: mirror.registry,
        host: mirror.host,
        repository: mirror.prefix === '' ? repository : `${mirror.prefix}/${repository}`,
        query: `?ns=${encodeURIComponent(registry)}`,
      };
};

const isOneOf = (patterns: readonly string[] | 'off', registry: string): boolean =>
  patterns !== 'off' && patterns.some((pattern) => matches(pattern, registry));

const matches = (pattern: string, registry: string): boolean =>
  pattern === '*' ||
  (pattern.startsWith('*.')
    ? registry.endsWith(pattern.slice(1).toLowerCase())
    : canonicalRegistry(pattern) === registry);
