// Applies the free-form JSON Patches that a pod asks for to the containers that a template rendered.
import { isObject } from '../json.ts';
import { applyContainerPatch } from '../patch/apply.ts';
import type { ContainerPatch } from '../policy/decision.ts';
import type { Piece, Rendered } from '../template/rendered.ts';
import { nameKey } from './same.ts';

/** The template with its containers patched, or why a patch cannot be applied. */
export type Patched = { readonly rendered: Rendered } | { readonly message: string };

/** Applies each patch to the rendered container that it names; a patch for a container that isn't there does nothing. */
export const patchContainers = (rendered: Rendered, patches: readonly ContainerPatch[]): Patched => {
  let { pod } = rendered;
  for (const patch of patches) {
    const index = pod.findIndex((piece) => isContainer(piece, patch.container));
    const piece = pod[index];
    if (piece === undefined || !isObject(piece.value)) {
      continue;
    }
    const result = applyContainerPatch(piece.value, patch.operations);
    if ('error' in result) {
      return { message: `${patch.denialPrefix}${result.error}` };
    }
    pod = pod.with(index, { ...piece, value: result.container });
  }
  return { rendered: { ...rendered, pod } };
};

const isContainer = ({ path, value }: Piece, name: string): boolean =>
  path.length === 2 &&
  path[0] === 'spec' &&
  (path[1] === 'containers' || path[1] === 'initContainers') &&
  isObject(value) &&
  nameKey(value) === name;
