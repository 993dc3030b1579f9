// Which registries may be asked, and how.
import { canonicalRegistry } from './image-reference.ts';
import { noFact } from './no-fact.ts';

/** What the operator says of registries. */
export interface RegistrySettings {
  /** `*`, `*.example.com`, or hosts with their ports. */
  readonly registries: readonly string[];
  /** Registries that are spoken to by plain HTTP. */
  readonly plainHttpRegistries: readonly string[] | 'off';
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
 * @throws {Fault} `fact.forbidden` where it may not be asked at all
 */
export const ruleFor = (settings: RegistrySettings, registry: string): RegistryRule => {
  if (!settings.registries.some((pattern) => matches(pattern, registry))) {
    throw noFact('forbidden', `podgraft is not allowed to ask the registry ${registry}`);
  }
  const plain = settings.plainHttpRegistries === 'off' ? [] : settings.plainHttpRegistries;
  const named = settings.registries.map(canonicalRegistry);
  return {
    protocol: plain.map(canonicalRegistry).includes(registry) ? 'http:' : 'https:',
    mayHaveAnyAddress: (host) => named.includes(canonicalRegistry(host)),
  };
};

const matches = (pattern: string, registry: string): boolean =>
  pattern === '*' ||
  (pattern.startsWith('*.')
    ? registry.endsWith(pattern.slice(1).toLowerCase())
    : canonicalRegistry(pattern) === registry);
