// A bundle without its module, as one JSON document: what a Worker takes up while it runs.
import { type BundleFiles, MODULE_FILE } from '../../core/bundle/parse-files.ts';
import { readPath } from '../../core/bundle/path.ts';
import { Fault, toError } from '../../core/errors.ts';
import { isObject, type JsonObject, type JsonValue, own } from '../../core/json.ts';
import { digestHashes, hashFiles, PREFIX } from './digest.ts';

/** A bundle without its module. Digests are `sha256:` and hexadecimal digits. */
export interface EdgeBundle {
  /** The digest of the module that it was made for. */
  readonly module: string;
  /** The digest of the whole bundle, as every runtime names it in its log and its answers. */
  readonly digest: string;
  /** The bundle's files, the module aside; its signature, if it has one, is among them. */
  readonly files: Readonly<Record<string, string>>;
  /** The operator's configuration file. */
  readonly configuration?: string;
}

const FORMAT = { apiVersion: 'podgraft.dev/v1alpha1', kind: 'EdgeBundle' } as const;
const KEYS = [...Object.keys(FORMAT), 'module', 'digest', 'files', 'configuration'];
const DIGEST = /^sha256:[0-9a-f]{64}$/;

/**
 * Writes a bundle, read whole, as a document for Workers that were deployed with its module.
 *
 * @throws {Fault} `bundle.invalid` for a file that is no text
 */
export const encodeEdgeBundle = async (files: BundleFiles, configuration?: string): Promise<string> => {
  const hashes = await hashFiles(files);
  const texts = [...files].filter(([name]) => name !== MODULE_FILE);
  const edge: EdgeBundle = {
    module: `${PREFIX}${hashes.get(MODULE_FILE) ?? ''}`,
    digest: await digestHashes(hashes),
    files: Object.fromEntries(texts.map(([name, content]) => [name, decodeText(name, content)])),
    ...(configuration === undefined ? {} : { configuration }),
  };
  return `${JSON.stringify({ ...FORMAT, ...edge })}\n`;
};

/**
 * Reads a document.
 *
 * @param file how errors name it
 * @throws {Fault} `bundle.invalid`
 */
export const parseEdgeBundle = (text: string, file: string): EdgeBundle => {
  const invalid = (message: string): Fault => new Fault('bundle.invalid', message, { at: { file } });
  const value = parseObject(text, invalid);
  for (const key of Object.keys(value)) {
    if (!KEYS.includes(key)) {
      throw invalid(`"${key.slice(0, 80)}" is none of ${KEYS.join(', ')}`);
    }
  }
  for (const [key, expected] of Object.entries(FORMAT)) {
    if (own(value, key) !== expected) {
      throw invalid(`${key} is not ${expected}`);
    }
  }
  const [module, digest] = (['module', 'digest'] as const).map((key) => own(value, key));
  const files = own(value, 'files');
  const configuration = own(value, 'configuration');
  if (!(isDigest(module) && isDigest(digest))) {
    throw invalid('module and digest are not both sha256: and 64 hexadecimal digits');
  }
  if (!isTexts(files)) {
    throw invalid('files is not a map of the files of a bundle, without its module, to their texts');
  }
  if (configuration !== undefined && typeof configuration !== 'string') {
    throw invalid('configuration is not a text');
  }
  return { module, digest, files, ...(configuration === undefined ? {} : { configuration }) };
};

const isDigest = (value: JsonValue | undefined): value is string => typeof value === 'string' && DIGEST.test(value);

const isTexts = (value: JsonValue | undefined): value is Readonly<Record<string, string>> =>
  isObject(value) &&
  Object.entries(value).every(
    ([name, text]) => typeof text === 'string' && readPath(name) === name && name !== MODULE_FILE,
  );

const parseObject = (text: string, invalid: (message: string) => Fault): JsonObject => {
  let value: JsonValue;
  try {
    value = JSON.parse(text);
  } catch (thrown) {
    throw invalid(`the document is not JSON: ${toError(thrown).message}`);
  }
  if (!isObject(value)) {
    throw invalid('the document is not a JSON object');
  }
  return value;
};

const decodeText = (name: string, content: Uint8Array): string => {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(content);
  } catch {
    throw new Fault('bundle.invalid', 'the file is not UTF-8', { at: { file: name } });
  }
};
