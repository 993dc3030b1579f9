// Which registries may be asked, and how.
import { canonicalRegistry } from './image-reference.ts';
import { noFact } from './no-fact.ts';

/** What the operator says of registries. */
export interface RegistrySettings {
  /** `*`, `*.example.com`, or hosts with their ports. */
  readonly registries: readonly string[];
  /** Registries that are spoken to by plain HTTP. */
  readonly plainHttpRegistries: readonly string[] | 'off';
  /** Registries whose certificate a pod may leave unverified. */
  readonly unverifiedRegistries: readonly string[] | 'off';
}

/** How one registry may be asked. */
export interface RegistryRule {
  readonly protocol: 'https:' | 'http:';
  /** Whether a server, of this registry or one that it sends podgraft to, may have any address. */
  readonly mayHaveAnyAddress: (host: string) => boolean;
}

/**
 * Finds the rule for a registry. One that the operator names, without a wildcard, may have any address.
 *
 * @throws {Fault} `fact.forbidden` where it may not be asked at all, or not in this way
 */
export const ruleFor = (
  settings: RegistrySettings,
  registry: string,
  { skipTlsVerify }: { readonly skipTlsVerify: boolean },
): RegistryRule => {
  if (!isOneOf(settings.registries, registry)) {
    throw noFact('forbidden', `podgraft is not allowed to ask the registry ${registry}`);
  }
  if (skipTlsVerify && !isOneOf(settings.unverifiedRegistries, registry)) {
    throw noFact('forbidden', `podgraft is not allowed to ask ${registry} without verifying its certificate`);
  }
  const named = settings.registries.map(canonicalRegistry);
  return {
    protocol: isOneOf(settings.plainHttpRegistries, registry) ? 'http:' : 'https:',
    mayHaveAnyAddress: (host) => named.includes(canonicalRegistry(host)),
  };
};

const isOneOf = (patterns: readonly string[] | 'off', registry: string): boolean =>
  patterns !== 'off' && patterns.some((pattern) => matches(pattern, registry));

const matches = (pattern: string, registry: string): boolean =>
  pattern === '*' ||
  (pattern.startsWith('*.')
    ? registry.endsWith(pattern.slice(1).toLowerCase())
    : canonicalRegistry(pattern) === registry);
