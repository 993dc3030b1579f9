// The metrics, in a registry of their own.
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { ReviewEvent } from '../../core/http/app.ts';
import { createLookupMetrics, type ObserveLookup } from './facts/lookup-metrics.ts';

/** What is re-read while the server runs. */
const RELOADED = ['policy', 'certificate', 'authentication', 'authorities', 'logins'] as const;

/** One of them. */
export type Reloaded = (typeof RELOADED)[number];

/** Counts what happens. */
export interface Metrics {
  readonly observe: (event: ReviewEvent) => void;
  readonly lookedUp: ObserveLookup;
  readonly reloaded: (what: Reloaded, ok: boolean) => void;
  readonly setBundle: (digest: string) => void;
  /**
   * Says since when the bundle is served, and when its source was last asked with success.
   *
   * @param time milliseconds since the epoch
   */
  readonly setBundleTime: (which: 'served' | 'checked', time: number) => void;
  /** Counts a question to the address of the bundle. */
  readonly downloaded: (result: 'new' | 'unchanged' | 'failure') => void;
  /** @param expires milliseconds since the epoch */
  readonly setCertificate: (expires: number) => void;
  /** Writes all of them as Prometheus reads them. */
  readonly render: () => Promise<{ readonly contentType: string; readonly text: string }>;
}

const SECONDS = [0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
const BYTES = [256, 1024, 4096, 16_384, 65_536, 262_144, 1_048_576, 4_194_304];

/** Creates the metrics, those of the process included. */
export const createMetrics = (): Metrics => {
  const register = new Registry();
  const registers = [register];
  collectDefaultMetrics({ register });
  const observe = createReviewMetrics(registers);
  const lookedUp = createLookupMetrics(registers);
  const reloads = new Counter({
    name: 'podgraft_reloads_total',
    help: 'Attempts to take up changed files, by what was read and how it ended.',
    labelNames: ['what', 'result'],
    registers,
  });
  const reloadOk = new Gauge({
    name: 'podgraft_reload_succeeded',
    help: '1 where the files on disk are what is served; 0 where the last good ones still are.',
    labelNames: ['what'],
    registers,
  });
  const expiry = new Gauge({
    name: 'podgraft_certificate_expiry_timestamp_seconds',
    help: 'When the certificate that is served ends.',
    registers,
  });
  for (const what of RELOADED) {
    reloadOk.set({ what }, 1);
    reloads.inc({ what, result: 'success' }, 0);
    reloads.inc({ what, result: 'failure' }, 0);
  }
  return {
    observe,
    lookedUp,
    reloaded: (what, ok) => {
      reloads.inc({ what, result: ok ? 'success' : 'failure' });
      reloadOk.set({ what }, ok ? 1 : 0);
    },
    ...createBundleMetrics(registers),
    setCertificate: (expires) => expiry.set(expires / 1000),
    render: async () => ({ contentType: register.contentType, text: await register.metrics() }),
  };
};

const createBundleMetrics = (registers: Registry[]): Pick<Metrics, 'setBundle' | 'setBundleTime' | 'downloaded'> => {
  const bundle = new Gauge({
    name: 'podgraft_bundle_info',
    help: 'The policy bundle that is served.',
    labelNames: ['digest'],
    registers,
  });
  const times = {
    served: new Gauge({
      name: 'podgraft_bundle_served_timestamp_seconds',
      help: 'Since when the policy bundle is served.',
      registers,
    }),
    checked: new Gauge({
      name: 'podgraft_bundle_checked_timestamp_seconds',
      help: 'When it was last seen whether there is a newer policy bundle.',
      registers,
    }),
  };
  const downloads = new Counter({
    name: 'podgraft_bundle_downloads_total',
    help: 'Questions to the address of the policy bundle, by what came of them.',
    labelNames: ['result'],
    registers,
  });
  for (const result of ['new', 'unchanged', 'failure'] as const) {
    downloads.inc({ result }, 0);
  }
  return {
    setBundle: (digest) => {
      bundle.reset();
      bundle.set({ digest }, 1);
    },
    setBundleTime: (which, time) => times[which].set(time / 1000),
    downloaded: (result) => downloads.inc({ result }),
  };
};

const createReviewMetrics = (registers: Registry[]): Metrics['observe'] => {
  const reviews = new Counter({
    name: 'podgraft_reviews_total',
    help: 'Reviews answered, by outcome.',
    labelNames: ['outcome'],
    registers,
  });
  const codes = new Counter({
    name: 'podgraft_review_codes_total',
    help: 'Why reviews ended as they did. One review may have several codes.',
    labelNames: ['outcome', 'system', 'code'],
    registers,
  });
  const faults = new Counter({
    name: 'podgraft_faults_total',
    help: 'Requests that were not answered with a review, by code and HTTP status.',
    labelNames: ['code', 'status'],
    registers,
  });
  const duration = new Histogram({
    name: 'podgraft_review_duration_seconds',
    help: 'Time from the headers of a request to its answer, the reading of the body included. Without callers who are not let in.',
    labelNames: ['outcome'],
    buckets: SECONDS,
    registers,
  });
  const patch = new Histogram({
    name: 'podgraft_patch_bytes',
    help: 'Size of the JSON Patch of an injected pod.',
    buckets: BYTES,
    registers,
  });
  return (event) => {
    if (!('review' in event)) {
      faults.inc({ code: event.fault.code, status: String(event.status) });
      // Strangers would hide in this how long reviews take.
      if (event.status !== 401) {
        duration.observe({ outcome: 'fault' }, event.milliseconds / 1000);
      }
      return;
    }
    const { outcome } = event.review;
    reviews.inc({ outcome });
    duration.observe({ outcome }, event.milliseconds / 1000);
    for (const { system, code } of event.review.codes) {
      codes.inc({ outcome, system, code });
    }
    const { patch: encoded } = event.review.response.response;
    if (encoded !== undefined) {
      // Base64 writes three bytes as four characters.
      patch.observe(Math.floor((encoded.length * 3) / 4));
    }
  };
};
