// A conflict: two sides that want different things in one place. Nothing is ever overwritten silently.
import { pointer } from '../json.ts';
import type { Piece } from '../template/rendered.ts';

/** Who wants a piece: a system, through one of its templates. */
export interface Owner {
  readonly system: string;
  readonly template: string;
}

/** A piece together with the injection that wants it. */
export interface OwnedPiece {
  readonly owner: Owner;
  readonly piece: Piece;
}

/** One conflict. */
export interface Conflict {
  readonly system: string;
  readonly message: string;
}

/** Stops a graft; caught where the graft began. */
export class ConflictError extends Error {
  readonly conflict: Conflict;

  constructor(conflict: Conflict) {
    super(conflict.message);
    this.conflict = conflict;
  }
}

/** How a message calls one side. */
export const ownerName = ({ system, template }: Owner): string => `${system} (template ${template})`;

/**
 * Names both sides of a conflict.
 *
 * @param what the place in words, such as `volume "home"`
 * @param other the injection that came first; absent: the pod itself
 * @param why what the other has to do with the place
 */
export const conflict = (
  { owner, piece }: OwnedPiece,
  what: string,
  { other, why = 'already has it with another value' }: { readonly other: Owner | undefined; readonly why?: string },
): ConflictError => {
  const { file, line } = piece.source;
  const holder = other === undefined ? 'the pod' : ownerName(other);
  const message = `${owner.system} (template ${owner.template}, ${file}:${line}) ${piece.verb}s ${what}, but ${holder} ${why}`;
  return new ConflictError({ system: owner.system, message });
};

/** Names a field that is no list item: its place in the pod. */
export const fieldName = (path: readonly (string | number)[]): string => `the field ${pointer(path)}`;
