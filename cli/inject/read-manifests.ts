// Reads the manifests that a command line names: YAML, one JSON object, or a stream of JSON objects.
import { Fault } from '../../core/errors.ts';
import { isObject } from '../../core/json.ts';
import { readInput } from '../input.ts';
import type { Terminal } from '../terminal.ts';
import { isJson, type Manifest, parseManifest } from './manifest.ts';

/** A file with its manifests: one, or as many as it is a stream of. Their texts together are the file's. */
export interface ManifestFile {
  readonly file: string;
  readonly manifests: readonly Manifest[];
}

/**
 * Reads manifest files in order.
 *
 * @throws {Fault} `input.*`, `manifest.yaml`; `manifest.object` where a document is no object
 */
export const readManifests = async (
  filenames: readonly string[],
  terminal: Pick<Terminal, 'readStdin'>,
): Promise<readonly ManifestFile[]> => {
  const files: ManifestFile[] = [];
  for (const filename of filenames) {
    const { text, file } = await readInput(filename, terminal);
    const manifests = parseManifests(text, file);
    if (manifests.every(({ documents }) => documents.every(({ value }) => value === null))) {
      throw new Fault('input.empty', 'there is no object in it', { at: { file } });
    }
    manifests.forEach(checkObjects);
    files.push({ file, manifests });
  }
  return files;
};

/** Parses a file's text. */
export const parseManifests = (text: string, file: string): readonly Manifest[] => {
  const objects = isJson(text) ? undefined : splitObjects(text);
  if (objects === undefined) {
    return [parseManifest(text, file)];
  }
  let linesBefore = 0;
  return objects.map((object) => {
    const manifest = parseManifest(object, file, linesBefore);
    linesBefore += object.split('\n').length - 1;
    return manifest;
  });
};

/** Parts a stream of JSON objects, each with the space before it; `undefined` where the text is none. */
const splitObjects = (text: string): readonly string[] | undefined => {
  if (!/^[\s\uFEFF]*\{/.test(text)) {
    return undefined;
  }
  // What stands behind the last one goes with it.
  const ends = [...endsOfObjects(text).slice(0, -1), text.length];
  const objects = ends.map((end, index) => text.slice(ends[index - 1] ?? 0, end));
  return objects.every(isJson) ? objects : undefined;
};

/** The offsets behind the braces that close what no brace encloses. */
const endsOfObjects = (text: string): readonly number[] => {
  const ends: number[] = [];
  let depth = 0;
  let isText = false;
  for (const { 0: token, index } of text.matchAll(/\\.|["{}]/gs)) {
    if (token === '"') {
      isText = !isText;
    } else if (!isText && token.length === 1) {
      depth += token === '{' ? 1 : -1;
      ends.push(...(depth === 0 ? [index + 1] : []));
    }
  }
  return ends;
};

const checkObjects = ({ file, documents }: Manifest): void => {
  for (const { value, lineOf } of documents) {
    if (value !== null && !isObject(value)) {
      const [what, hint] = Array.isArray(value) ? ['a list', '; make it the items of a List'] : ['no map', ''];
      const message = `the document is ${what}; Kubernetes has objects, with apiVersion and kind${hint}`;
      throw new Fault('manifest.object', message, { at: { file, line: lineOf([]) } });
    }
  }
};
