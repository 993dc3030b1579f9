// The HTTP face: one route for reviews, two for probes, and the one place where faults become statuses.
import { type Context, Hono } from 'hono';
import type { Caller, Credentials, Verdict } from '../authentication/method.ts';
import { PUBLIC_REFUSAL, refusals } from '../authentication/refusal.ts';
import { Fault, toError } from '../errors.ts';
import type { Injector } from '../injector.ts';
import { own } from '../json.ts';
import { parseDuration } from '../policy/parse-duration.ts';
import type { Review } from '../review.ts';
import { createBodyRoom } from './body-room.ts';
import { receiveBody } from './receive-body.ts';

/** What happened to one request to `/mutate`. */
export type ReviewEvent =
  | {
      readonly review: Review;
      readonly status: 200;
      readonly milliseconds: number;
      /** `undefined` where callers are not authenticated. */
      readonly caller?: Caller | undefined;
    }
  | { readonly fault: Fault; readonly status: number; readonly milliseconds: number };

/** What an app is made of. */
export interface AppOptions {
  /** The injector of the moment: a reload swaps it between two requests. */
  readonly injector: () => Injector;
  /** Bytes; the default is 8 MiB. */
  readonly bodyLimit?: number;
  /** Bytes that the bodies of all requests under way may hold; the default is 32 MiB. */
  readonly bodiesLimit?: number;
  /** Whether new requests are welcome; the default is always. */
  readonly ready?: () => boolean;
  /** Lines that `/readyz` adds for people: what is served, and how old it is. */
  readonly about?: () => readonly string[];
  readonly observe?: (event: ReviewEvent) => void;
  /** Milliseconds. */
  readonly clock?: () => number;
  /**
   * Says who calls, before anything else of the request is looked at. Without it everybody may ask. `platform` is what
   * the runtime gave `fetch` beside the request.
   */
  readonly authenticate?: (credentials: Credentials, platform: unknown) => Promise<Verdict>;
}

const DEFAULT_BODY_LIMIT = 8 * 1024 * 1024;
const REVIEWS = '/mutate';
const POST_ONLY = { allow: 'POST' };
/** A 401 names a scheme (RFC 9110, 11.6.1); it is this one whatever is accepted. */
const CHALLENGE = { 'www-authenticate': 'Bearer' };

/**
 * Builds the app: `POST /mutate`, `GET /healthz`, `GET /readyz`. A failure of podgraft itself is a 5xx, never
 * `allowed: false`: then the webhook's `failurePolicy` decides, and nothing else does.
 *
 * Where callers are authenticated, a stranger hears the same 401 whatever he sends to `/mutate`, and below it, where
 * a secret may stand in the path.
 */
export const createApp = (options: AppOptions): Hono => {
  const { injector, ready = () => true, about = () => [], observe = () => {}, clock = () => 0 } = options;
  const { bodyLimit = DEFAULT_BODY_LIMIT, authenticate } = options;
  const openHold = createBodyRoom(options.bodiesLimit);
  const app = new Hono();
  const mutate = async (context: Context) => {
    const begin = clock();
    const hold = openHold();
    try {
      const caller = authenticate === undefined ? undefined : await admit(context, authenticate);
      if (context.req.method !== 'POST') {
        return context.json({ code: 'http.method', message: 'send an AdmissionReview with POST' }, 405, POST_ONLY);
      }
      requireJson(context.req.header('content-type'));
      const body = await receiveBody(context.req.raw, bodyLimit, hold);
      const review = await injector().review(body, budgetOf(context.req.query('timeout')));
      observe({ review, status: 200, milliseconds: clock() - begin, caller });
      return context.json(review.response);
    } catch (thrown) {
      const fault = thrown instanceof Fault ? thrown : internal(thrown);
      const status = statusOf(fault.code);
      observe({ fault, status, milliseconds: clock() - begin });
      return answerFault(context, fault, status);
    } finally {
      hold.release();
    }
  };
  app.all(REVIEWS, mutate);
  if (authenticate !== undefined) {
    app.all(`${REVIEWS}/:secret`, mutate);
  }
  app.get('/healthz', (context) => context.text('ok\n'));
  app.get('/readyz', (context) =>
    ready() ? context.text(['ok', ...about(), ''].join('\n')) : context.text('shutting down\n', 503),
  );
  app.notFound((context) => context.json({ code: 'http.path', message: 'reviews go to /mutate' }, 404));
  return app;
};

const answerFault = (context: Context, fault: Fault, status: ReturnType<typeof statusOf>): Response =>
  status === 401
    ? context.json(PUBLIC_REFUSAL, status, CHALLENGE)
    : context.json({ code: fault.code, message: publicMessage(fault, status) }, status);

/** @throws {Fault} `auth.*` for a caller who is not let in */
const admit = async (context: Context, authenticate: NonNullable<AppOptions['authenticate']>): Promise<Caller> => {
  const { path } = context.req;
  const verdict = await authenticate(
    {
      authorization: context.req.header('authorization'),
      pathSecret: path.length > REVIEWS.length ? path.slice(REVIEWS.length + 1) : undefined,
    },
    context.env,
  );
  if ('refused' in verdict) {
    throw new Fault(verdict.refused, refusals[verdict.refused]);
  }
  return verdict.caller;
};

const internal = (thrown: unknown): Fault => {
  const cause = toError(thrown);
  return new Fault('internal', cause.message, { cause });
};

const requireJson = (contentType: string | undefined): void => {
  const type = contentType?.split(';', 1)[0]?.trim().toLowerCase();
  if (type !== 'application/json') {
    throw new Fault('review.content-type', 'the content-type is not application/json');
  }
};

/**
 * Reads the time-out that the API server appends to the webhook's address, such as `?timeout=5s`, in milliseconds
 * ([reference](https://kubernetes.io/docs/reference/access-authn-authz/extensible-admission-controllers/#timeouts)).
 */
const budgetOf = (timeout: string | undefined): number | undefined => {
  const nanoseconds = timeout === undefined ? undefined : own(parseDuration(timeout), 'value');
  return typeof nanoseconds === 'number' ? nanoseconds / 1_000_000 : undefined;
};

const statusOf = (code: string): 400 | 401 | 413 | 500 | 503 => {
  if (code === 'review.size' || code === 'review.values') {
    return 413;
  }
  if (code === 'facts.timeout' || code === 'review.busy') {
    return 503;
  }
  if (code.startsWith('auth.')) {
    return 401;
  }
  return code.startsWith('review.') ? 400 : 500;
};

/** The caller is told its own mistakes in full, and ours by code only. */
const publicMessage = (fault: Fault, status: number): string =>
  status < 500 ? fault.message : 'podgraft could not review this request; its log says why under this code';
