// Keeps facts for a while, within a bound of memory, and lets those who ask for the same thing wait together.
import { LRUCache } from 'lru-cache';
import { isObject, own } from '../../../core/json.ts';
import type { Fact } from '../../../core/policy/facts.ts';
import { toFact } from './no-fact.ts';

/** What bounds the cache. */
export interface CacheOptions {
  /** Characters of all keys and facts together. */
  readonly size: number;
}

/** How one fact is asked for. */
export interface CacheRequest {
  readonly key: string;
  /** How long it may be kept, in milliseconds. */
  readonly age: number;
  /** Whether what is kept won't do. */
  readonly refresh: boolean;
  /** Finds it. What it throws as `fact.*` is a fact as well. */
  readonly load: () => Promise<Fact>;
}

/** A fact, and whether it was kept. */
export interface CachedFact {
  readonly fact: Fact;
  readonly kept: boolean;
}

/** Gives what is kept, or finds it. */
export type FindCached = (request: CacheRequest) => Promise<CachedFact>;

/** How long a failure is kept: as long as a burst of pods lasts, and not so long that a repair is waited for. */
const FAILURE_AGE = 5000;

/** Creates a cache. */
export const createFactCache = ({ size }: CacheOptions): FindCached => {
  const facts = new LRUCache<string, Fact>({
    maxSize: size,
    sizeCalculation: (fact, key) => key.length + JSON.stringify(fact).length,
  });
  const flights = new Map<string, Promise<Fact>>();

  const fly = ({ key, age, load }: CacheRequest): Promise<Fact> => {
    const flight = load()
      .catch(toFact)
      .then((fact) => {
        facts.set(key, fact, { ttl: isFailure(fact) ? Math.min(age, FAILURE_AGE) : age });
        return fact;
      })
      .finally(() => flights.delete(key));
    flights.set(key, flight);
    return flight;
  };
  return async (request) => {
    const kept = request.refresh ? undefined : facts.get(request.key);
    return kept === undefined
      ? { fact: await (flights.get(request.key) ?? fly(request)), kept: false }
      : { fact: kept, kept: true };
  };
};

const isFailure = (fact: Fact): boolean => isObject(fact) && own(fact, 'error') !== undefined;
