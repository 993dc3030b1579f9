// The few parts of the Workers platform that podgraft uses, as types.

/** What a Worker is given beside its code: texts and bindings by name. */
export type WorkerEnv = Readonly<Record<string, unknown>>;

/** The life of one request ([reference](https://developers.cloudflare.com/workers/runtime-apis/context/)). */
export interface RequestContext {
  /** Keeps the request's work going after its answer was sent. */
  readonly waitUntil: (work: Promise<unknown>) => void;
}

/** What a Worker's entry exports. */
export interface WorkerHandler {
  readonly fetch: (request: Request, env: WorkerEnv, context: RequestContext) => Promise<Response>;
}

/** A KV namespace ([reference](https://developers.cloudflare.com/kv/api/read-key-value-pairs/)). */
export interface KvNamespace {
  readonly get: (key: string, type: 'text') => Promise<string | null>;
}

/** An R2 bucket ([reference](https://developers.cloudflare.com/r2/api/workers/workers-api-reference/)). */
export interface R2Bucket {
  readonly get: (key: string) => Promise<{ readonly text: () => Promise<string> } | null>;
}
