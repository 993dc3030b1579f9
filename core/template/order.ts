// Compiles where new containers go.
import type { JsonObject } from '../json.ts';
import { buildForm } from './build.ts';
import type { Frame } from './frame.ts';
import { compileRender } from './render.ts';
import type { Placement, Rendered } from './rendered.ts';
import type { Site } from './site.ts';

/** Renders the placement of both lists. */
export type RenderOrder = (frame: Frame) => Rendered['order'];

/**
 * Compiles `spec.order`.
 *
 * @throws {Fault} `template.form` for a value that can be anything but `first`, `last` or nothing
 */
export const compileOrder = (raw: JsonObject, site: Site): RenderOrder => {
  const initContainers = compilePlacement(raw, 'initContainers', site);
  const containers = compilePlacement(raw, 'containers', site);
  return (frame) => ({ initContainers: initContainers(frame), containers: containers(frame) });
};

const compilePlacement = (raw: JsonObject, key: string, site: Site): ((frame: Frame) => Placement) => {
  const value = raw[key];
  if (value === undefined) {
    return () => 'last';
  }
  const at = [...site.at, key];
  const form = buildForm(value, { ...site, at });
  if (form.shape.choices?.every((choice) => choice === 'first' || choice === 'last') !== true) {
    site.building.refuse('form', `${key} goes first or last, or yields one of these`, at);
  }
  const render = compileRender(form, undefined);
  return (frame) => (render(frame) === 'first' ? 'first' : 'last');
};
