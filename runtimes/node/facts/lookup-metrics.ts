// Counts lookups and measures how long they take.
import { Counter, Histogram, type Registry } from 'prom-client';
import { type FactKind, factKinds } from './lookup.ts';
import { type FactCode, factCodes } from './no-fact.ts';

/** What became of one lookup. */
export interface LookupEvent {
  readonly kind: FactKind | 'unknown';
  readonly result: 'found' | 'timeout' | FactCode;
  /** Whether the answer was kept from an earlier lookup. */
  readonly kept: boolean;
  readonly milliseconds: number;
}

/** Takes what became of a lookup. */
export type ObserveLookup = (event: LookupEvent) => void;

const SECONDS = [0.0001, 0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

/** Creates the metrics of lookups. */
export const createLookupMetrics = (registers: Registry[]): ObserveLookup => {
  const lookups = new Counter({
    name: 'podgraft_lookups_total',
    help: 'Lookups of facts, by kind, by result, and by whether the answer was kept from an earlier one.',
    labelNames: ['kind', 'result', 'kept'],
    registers,
  });
  const duration = new Histogram({
    name: 'podgraft_lookup_duration_seconds',
    help: 'Time that lookups of facts took, those that were kept aside.',
    labelNames: ['kind'],
    buckets: SECONDS,
    registers,
  });
  for (const kind of factKinds) {
    for (const result of ['found', 'timeout', ...factCodes] as const) {
      lookups.inc({ kind, result, kept: 'false' }, 0);
    }
  }
  return ({ kind, result, kept, milliseconds }) => {
    lookups.inc({ kind, result, kept: String(kept) });
    if (!kept) {
      duration.observe({ kind }, milliseconds / 1000);
    }
  };
};
