// Says in a bundle for which module and which podgraft it was made, and refuses one that was made for others.
import { Fault } from '../errors.ts';
import { isObject, type JsonObject, own } from '../json.ts';

/** The version of the agreement between a bundle and podgraft: entrypoints, data, templates, custom builtins. */
const FORMAT = 1;

/**
 * Writes into a manifest what the bundle was made of. OPA keeps `metadata` for such things and does not read it.
 *
 * @param module the digest of `policy.wasm`
 */
export const stampManifest = (manifest: JsonObject, module: string): JsonObject => {
  const metadata = own(manifest, 'metadata');
  return { ...manifest, metadata: { ...(isObject(metadata) ? metadata : {}), podgraft: { format: FORMAT, module } } };
};

/**
 * Holds a bundle's manifest against the module that it is loaded with. A bundle that OPA's own tools made says nothing
 * of this, and passes.
 *
 * @param module the digest of `policy.wasm`
 * @throws {Fault} `bundle.module`
 */
export const checkModule = (manifest: JsonObject, module: string): void => {
  const metadata = own(manifest, 'metadata');
  const made = isObject(metadata) ? own(metadata, 'podgraft') : undefined;
  if (made === undefined) {
    return;
  }
  const [format, named] = isObject(made) ? [own(made, 'format'), own(made, 'module')] : [];
  if (format !== FORMAT) {
    throw refuse(`the bundle has format ${show(format)}; this podgraft reads format ${FORMAT}`, '.manifest');
  }
  if (named !== module) {
    throw refuse(`the bundle was made for the module ${show(named)}, but it comes with ${module}`, 'policy.wasm');
  }
};

const refuse = (message: string, file: string): Fault => new Fault('bundle.module', message, { at: { file } });

const show = (value: unknown): string => String(JSON.stringify(value)).slice(0, 100);
