// The operations of a JSON Patch that podgraft itself makes.
import type { JsonValue } from '../json.ts';

/** One operation ([RFC 6902](https://www.rfc-editor.org/rfc/rfc6902)). A graft only ever adds or replaces. */
export interface Operation {
  readonly op: 'add' | 'replace';
  /** JSON Pointer into the pod. */
  readonly path: string;
  readonly value: JsonValue;
}
