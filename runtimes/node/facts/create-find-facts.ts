// Finds the facts that a decision asks for, within the time of its request.
import type { SecureContext } from 'node:tls';
import { Fault } from '../../../core/errors.ts';
import { isObject, type JsonObject, type JsonValue, own } from '../../../core/json.ts';
import type { Lookup } from '../../../core/policy/decision.ts';
import type { Fact, FindFacts, LookupContext } from '../../../core/policy/facts.ts';
import { createAdapters, type FactSettings } from './adapters.ts';
import { readAuthorities, trustAuthorities } from './authorities.ts';
import { isTimeout, withDeadline } from './deadline.ts';
import type { Entry } from './docker-config.ts';
import type { CachedFact } from './fact-cache.ts';
import { connectKubernetes, type KubernetesSource, type ReadObject } from './kubernetes-api.ts';
import { type FactKind, factKinds } from './lookup.ts';
import type { ObserveLookup } from './lookup-metrics.ts';
import { type FactCode, noFact, toFact } from './no-fact.ts';

/** What finding facts needs beside its settings. */
export interface FindFactsOptions {
  readonly observe?: ObserveLookup;
  /** Where the API is when the settings do not say; the default is the cluster that podgraft runs in. */
  readonly kubernetes?: KubernetesSource;
  /** Logins for registries beside those of pods, as they are now. */
  readonly logins?: (() => readonly Entry[]) | undefined;
  /** Those that registries are trusted by, as they are now; absent: those of the file, read once. */
  readonly authorities?: (() => SecureContext) | undefined;
}

/** The part of the request's time that is left for the answer, in milliseconds: at most a quarter of it. */
const RESERVE = 300;

/**
 * Creates what finds facts. Where facts are off, nothing is loaded and nobody is asked.
 *
 * @throws {Fault} `facts.kubernetes`, `facts.authority`
 */
export const createFindFacts = async (settings: FactSettings, options: FindFactsOptions = {}): Promise<FindFacts> => {
  const kinds: readonly FactKind[] = settings.facts === 'off' ? [] : settings.facts;
  const { kubernetes = 'cluster', logins = () => [] } = options;
  const readObject = kinds.length === 0 ? undefined : await connect(settings, kubernetes, kinds);
  const adapters =
    kinds.length === 0
      ? undefined
      : createAdapters(settings, { readObject, logins, authorities: await authoritiesFor(settings, options) });
  const findOne: FindOne = async (lookup, context, signal) => {
    const kind = kinds.find((known) => known === lookup.kind);
    if (adapters === undefined || kind === undefined) {
      throw noFact('no_adapter', `this podgraft does not look up facts of kind "${lookup.kind}"`);
    }
    checkNamespace(lookup, context);
    return adapters[kind](lookup, signal);
  };
  return (lookups, context) =>
    findAll(observed(findOne, options.observe), lookups, {
      context,
      limit: Math.min(settings.factsTimeout, available(context.budget)),
    });
};

const authoritiesFor = async (
  { registryCaFile }: FactSettings,
  { authorities }: FindFactsOptions,
): Promise<() => SecureContext> => {
  if (authorities !== undefined) {
    return authorities;
  }
  const text = registryCaFile === '' ? undefined : await readAuthorities(registryCaFile);
  const context = trustAuthorities(text, registryCaFile);
  return () => context;
};

/** A server that is to look for references and cannot does not start; a command line says so when it is asked. */
const connect = async (
  { kubeconfig }: FactSettings,
  source: KubernetesSource,
  kinds: readonly FactKind[],
): Promise<ReadObject | undefined> => {
  if (kubeconfig !== 'off') {
    return connectKubernetes(kubeconfig === '' ? source : { kubeconfig });
  }
  if (source !== 'default' && kinds.includes('references')) {
    const message = 'facts of kind "references" are asked of the Kubernetes API, and kubeconfig is off';
    throw new Fault('facts.kubernetes', message);
  }
  return undefined;
};

type FindOne = (lookup: Lookup, context: LookupContext, signal: AbortSignal) => Promise<CachedFact>;

const available = (budget: number | undefined): number =>
  budget === undefined ? Number.POSITIVE_INFINITY : budget - Math.min(RESERVE, budget / 4);

/** A policy for pods of one namespace has no business in another. */
const checkNamespace = (lookup: JsonObject, { namespace }: LookupContext): void => {
  if (own(lookup, 'namespace') !== namespace) {
    throw noFact('forbidden', 'the policy asks about another namespace than the one of the pod');
  }
};

const observed =
  (findOne: FindOne, observe: ObserveLookup | undefined) =>
  async (lookup: Lookup, context: LookupContext, signal: AbortSignal): Promise<Fact> => {
    const start = performance.now();
    const kind = factKinds.find((known) => known === lookup.kind) ?? 'unknown';
    const tell = (result: Parameters<ObserveLookup>[0]['result'], kept: boolean): void =>
      observe?.({ kind, result, kept, milliseconds: performance.now() - start });
    try {
      const { fact, kept } = await untilAborted(signal, findOne(lookup, context, signal));
      tell(codeOf(fact) ?? 'found', kept);
      return fact;
    } catch (thrown) {
      if (isTimeout(thrown)) {
        tell('timeout', false);
      }
      const fact = toFact(thrown);
      tell(codeOf(fact) ?? 'found', false);
      return fact;
    }
  };

const codeOf = (fact: Fact): FactCode | undefined => {
  const error: JsonValue | undefined = own(fact as JsonObject, 'error');
  return isObject(error) ? (own(error, 'code') as FactCode) : undefined;
};

/** What is waited for together with others must not end when this one's time does, but the waiting must. */
const untilAborted = <Value>(signal: AbortSignal, promise: Promise<Value>): Promise<Value> =>
  new Promise((resolve, reject) => {
    const giveUp = (): void => reject(signal.reason);
    signal.addEventListener('abort', giveUp, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', giveUp));
  });

interface Request {
  readonly context: LookupContext;
  /** Milliseconds. */
  readonly limit: number;
}

const findAll = (
  find: (lookup: Lookup, context: LookupContext, signal: AbortSignal) => Promise<Fact>,
  lookups: readonly Lookup[],
  { context, limit }: Request,
): Promise<Readonly<Record<string, Fact>>> =>
  withDeadline(limit, async (signal) =>
    Object.fromEntries(
      await Promise.all(lookups.map(async (lookup) => [lookup.key, await find(lookup, context, signal)] as const)),
    ),
  );
