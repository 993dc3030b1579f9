// Puts a bundle together again: the module that was deployed, and the files that a document brings.
import type { Bundle } from '../../core/bundle/bundle.ts';
import { checkModule } from '../../core/bundle/module-check.ts';
import { type BundleFiles, MODULE_FILE, parseBundleFiles, readManifest } from '../../core/bundle/parse-files.ts';
import { isStrayDocument } from '../../core/bundle/stray-document.ts';
import { type Verification, verifyBundle } from '../../core/bundle/verify.ts';
import { Fault } from '../../core/errors.ts';
import { digestHashes, hashFiles, PREFIX } from './digest.ts';
import type { EdgeBundle } from './edge-bundle.ts';
import { type RecordedTemplates, withRecorded } from './recorded-templates.ts';

/** What was deployed. */
export interface Deployed {
  readonly module: WebAssembly.Module;
  /** The digest of the module's bytes, which a Worker does not have. */
  readonly digest: string;
  readonly templates: RecordedTemplates;
}

/**
 * Joins the two.
 *
 * @param verification absent: no signature is asked for
 * @throws {Fault} `bundle.module` where the files were made for another module; `bundle.unsigned`, `bundle.signature`
 *   and `bundle.tampered`; `bundle.digest` where they are not those that the digest was taken over; `bundle.invalid`
 *   where they are no bundle
 */
export const joinEdgeBundle = async (
  edge: EdgeBundle,
  deployed: Deployed,
  verification?: Verification,
): Promise<Bundle> => {
  if (edge.module !== deployed.digest) {
    const message = `the bundle was made for the module ${edge.module}, but ${deployed.digest} is deployed`;
    throw new Fault('bundle.module', message);
  }
  const encoder = new TextEncoder();
  const files = new Map(Object.entries(edge.files).map(([name, text]) => [name, encoder.encode(text)]));
  const module = [MODULE_FILE, deployed.digest.slice(PREFIX.length)] as const;
  if (verification !== undefined) {
    await verifyBundle(files, { ...verification, absent: new Map([module]) }, crypto.subtle);
  }
  checkFiles(files, deployed);
  const hashes = new Map([...(await hashFiles(files)), module]);
  const digest = await digestHashes(hashes);
  if (digest !== edge.digest) {
    throw new Fault('bundle.digest', `the bundle says that its digest is ${edge.digest}, but it is ${digest}`);
  }
  return withRecorded(parseBundleFiles(files, { digest, module: deployed.module }), deployed.templates, hashes);
};

const checkFiles = (files: BundleFiles, deployed: Deployed): void => {
  const stray = [...files.keys()].find(isStrayDocument);
  if (stray !== undefined) {
    const message = 'podgraft reads one document of data, data.json at the root; OPA would merge this one with it';
    throw new Fault('bundle.invalid', message, { at: { file: stray } });
  }
  checkModule(readManifest(files), deployed.digest);
};
