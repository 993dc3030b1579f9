// Reads the manifests of deploy/ as kustomize would find them.
import { existsSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { parseAllDocuments } from 'yaml';

/** The folder of the manifests. */
export const deployFolder = path.join(import.meta.dirname, '../../deploy');

/** A YAML document, as far as the tests look into it. */
// biome-ignore lint/suspicious/noExplicitAny: the tests go down into documents of a dozen kinds, and fail where a step is missing
export type Manifest = any;

/** All documents of a file, read strictly. */
export const readManifests = (file: string): readonly Manifest[] =>
  parseAllDocuments(readFileSync(file, 'utf8'), { strict: true, uniqueKeys: true }).map((document) => {
    const [error] = [...document.errors, ...document.warnings];
    if (error !== undefined) {
      throw new Error(`${file}: ${error.message}`);
    }
    return document.toJS();
  });

/** The paths that a kustomization names: resources, patches and generated files, those of its bases included. */
export const referencesOf = (folder: string): readonly string[] => {
  const [kustomization] = readManifests(path.join(folder, 'kustomization.yaml'));
  const patches = (kustomization.patches ?? []).map((patch: Manifest) => patch.path);
  const generated = (kustomization.configMapGenerator ?? []).flatMap((generator: Manifest) => generator.files);
  const own = [...(kustomization.resources ?? []), ...patches, ...generated].map((name) => path.join(folder, name));
  return own.flatMap((name) =>
    existsSync(name) && statSync(name).isDirectory() ? [name, ...referencesOf(name)] : [name],
  );
};

/** The manifests that a kustomization's resources hold, those of its bases included. */
export const resourcesOf = (folder: string): readonly Manifest[] => {
  const [kustomization] = readManifests(path.join(folder, 'kustomization.yaml'));
  return kustomization.resources.flatMap((name: string) => {
    const found = path.join(folder, name);
    return statSync(found).isDirectory() ? resourcesOf(found) : readManifests(found);
  });
};
