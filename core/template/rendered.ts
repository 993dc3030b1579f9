// What a rendered template hands to the graft: pieces, each at the grain at which the two verbs work.
import type { JsonValue } from '../json.ts';

/** Where a piece stands in its template file. Line and column count from 1. */
export interface Source {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/**
 * One thing to graft. `path` leads from the pod (or, in a containers block, from the container) to a field;
 * for the lists that are matched by key (`containers`, `initContainers`, `volumes`, `env`, `volumeMounts`) it leads to
 * the list and `value` is one item; for every other field `value` is the whole value. Maps have been gone down into:
 * a piece is never a map whose keys should be merged, an empty one aside.
 */
export interface Piece {
  readonly verb: 'add' | 'set';
  readonly path: readonly string[];
  readonly value: JsonValue;
  readonly source: Source;
}

/** The pieces for one container of the pod, by name, `set` before `add`. */
export interface ContainerGraft {
  readonly container: string;
  readonly pieces: readonly Piece[];
  readonly source: Source;
}

/** Whether a list's new items stand before or behind the pod's own. */
export type Placement = 'first' | 'last';

/** A template with its parameters filled in. */
export interface Rendered {
  readonly order: { readonly initContainers: Placement; readonly containers: Placement };
  /** In the order of the template, `set` before `add`. */
  readonly pod: readonly Piece[];
  readonly containers: readonly ContainerGraft[];
}
