// Reads the recorded cases: what one real injector answered to one request.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import type { JsonObject, JsonValue } from '../../core/index.ts';

/** One recorded case; the README of each system's folder describes the fields. */
export interface GoldenCase {
  /** `<group>/<name>`. */
  readonly id: string;
  readonly config: {
    readonly flags: readonly string[];
    readonly env: Readonly<Record<string, string>>;
    readonly [setting: string]: unknown;
  };
  readonly request: {
    readonly rawBody?: string;
    readonly headers?: Readonly<Record<string, string>>;
    readonly path?: string;
    readonly reviewVersion?: string;
    readonly namespace?: string;
    readonly object?: JsonObject;
  } & JsonObject;
  readonly response: {
    readonly allowed: boolean | null;
    readonly message: string | null;
    readonly warnings?: readonly string[];
    readonly http?: { readonly status: number; readonly body?: string };
  };
  /** What the original asked of the world outside. */
  readonly apiCalls?: readonly { readonly method?: string; readonly path?: string }[];
  /** The object after the patch; `unchanged`, or absent when it was refused. */
  readonly podAfter?: JsonValue;
}

/** Reads all cases of one system, sorted by id. */
export const readGoldenCases = (system: string): readonly GoldenCase[] => {
  const root = join(import.meta.dirname, system);
  return readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((file) => /^[^/]+\/[^/]+\.yaml$/.test(file))
    .sort()
    .map((file) => {
      const text = readFileSync(join(root, file), 'utf8');
      return { ...(parse(text) as Omit<GoldenCase, 'id'>), id: file.slice(0, -'.yaml'.length) };
    });
};

/** The fields of a recorded request that are not part of the review. */
const OUTSIDE_REVIEW = ['rawBody', 'headers', 'path', 'reviewVersion'];

/** Makes the body that was sent, byte for byte where it was no review. */
export const requestBody = ({ request }: GoldenCase): Uint8Array => {
  if (request.rawBody !== undefined) {
    return new TextEncoder().encode(request.rawBody);
  }
  const entries = Object.entries(request).filter(([key]) => !OUTSIDE_REVIEW.includes(key));
  const review = {
    apiVersion: request.reviewVersion ?? 'admission.k8s.io/v1',
    kind: 'AdmissionReview',
    request: Object.fromEntries(entries.filter(([key, value]) => !(key === 'namespace' && value === ''))),
  };
  return new TextEncoder().encode(JSON.stringify(review));
};
