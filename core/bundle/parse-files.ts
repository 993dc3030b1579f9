// Makes a bundle of the files that are in it.
import { Fault, type Place, toError } from '../errors.ts';
import { isObject, type JsonObject } from '../json.ts';
import type { Bundle, TemplateFile } from './bundle.ts';

/** The files of a bundle by their path in it, with `/` between folders. */
export type BundleFiles = ReadonlyMap<string, Uint8Array>;

/** What is known of the files beside their content. */
export interface FilesOptions {
  /** The digest of the files: the SHA-256 of {@link digestInput}. */
  readonly digest: string;
  /** `policy.wasm`, compiled. */
  readonly module: WebAssembly.Module;
  /** Where a file lies, as errors name it; absent: its path in the bundle. */
  readonly at?: (name: string) => string;
}

/** The file that is compiled, and handed over as {@link FilesOptions.module}. */
export const MODULE_FILE = 'policy.wasm';

/** The files that every bundle has. */
export const FIXED_FILES = ['.manifest', 'data.json', MODULE_FILE] as const;

const TEMPLATE = /^templates\/([^/]+)\/[^/]+\.yaml$/;
const SCHEMA = /^schemas\/([^/]+)\.json$/;

/** Whether a file is a part of the bundle; whatever else lies beside is not looked at. */
export const isBundleFile = (name: string): boolean =>
  FIXED_FILES.some((fixed) => fixed === name) || TEMPLATE.test(name) || SCHEMA.test(name);

/**
 * Writes what the digest of a bundle is taken over: a line for each file, in the order of their names, with the
 * SHA-256 of its content. So whoever has a file's digest, but not the file, can still tell the bundle's.
 */
export const digestInput = (hashes: ReadonlyMap<string, string>): string =>
  [...hashes.keys()]
    .sort()
    .map((name) => `${JSON.stringify(name)} ${hashes.get(name)}\n`)
    .join('');

/**
 * Makes a bundle of its files, the module aside.
 *
 * @throws {Fault} `bundle.invalid`, with the file, and line and column where they are known
 */
export const parseBundleFiles = (files: BundleFiles, options: FilesOptions): Bundle => {
  const { digest, module, at = (name) => name } = options;
  const texts = new Map(
    [...files]
      .filter(([name]) => name !== MODULE_FILE && isBundleFile(name))
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([name, bytes]) => [name, decode(bytes, at(name))]),
  );
  const parse = (name: string): JsonObject => parseJson(texts.get(name) ?? '', at(name));
  checkManifest(parse('.manifest'), at('.manifest'));
  return {
    digest,
    module,
    data: parse('data.json'),
    templates: [...texts].flatMap(([file, text]) => templateFile(file, text)),
    configSchemas: Object.fromEntries(
      [...texts.keys()].flatMap((name) => {
        const system = SCHEMA.exec(name)?.[1];
        return system === undefined ? [] : [[system, parse(name)]];
      }),
    ),
  };
};

/**
 * Reads the manifest of a bundle.
 *
 * @throws {Fault} `bundle.invalid`, with line and column where they are known
 */
export const readManifest = (files: BundleFiles): JsonObject => {
  const [name] = FIXED_FILES;
  return parseJson(decode(files.get(name) ?? new Uint8Array(), name), name);
};

const templateFile = (file: string, text: string): readonly TemplateFile[] => {
  const system = TEMPLATE.exec(file)?.[1];
  return system === undefined ? [] : [{ system, file, text }];
};

const invalid = (message: string, at: Place): Fault => new Fault('bundle.invalid', message, { at });

const decode = (bytes: Uint8Array, file: string): string => {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw invalid('the file is not UTF-8', { file });
  }
};

const parseJson = (text: string, file: string): JsonObject => {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (thrown) {
    const { message } = toError(thrown);
    throw invalid(`the file is not JSON: ${message}`, { file, ...placeIn(text, message) });
  }
  if (!isObject(value)) {
    throw invalid('the file is not a JSON object', { file, line: 1, column: 1 });
  }
  return value;
};

/** Where V8 found the fault: it says the position in some of its messages, and the end of the text in one. */
const placeIn = (text: string, message: string): Place => {
  const position = message.includes('end of JSON input') ? text.length : Number(/position (\d+)/.exec(message)?.[1]);
  if (Number.isNaN(position)) {
    return {};
  }
  const lines = text.slice(0, position).split('\n');
  return { line: lines.length, column: (lines.at(-1)?.length ?? 0) + 1 };
};

/** OPA's own loader refuses a `.manifest` that is no object; so does ours, whatever else stands in it. */
const checkManifest = (manifest: JsonObject, file: string): void => {
  const { roots } = manifest;
  if (roots !== undefined && !Array.isArray(roots)) {
    throw invalid('roots is not a list', { file });
  }
};
