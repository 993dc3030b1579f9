// Reads a bundle from a folder: an OPA bundle with templates and configuration schemas added.
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Bundle, TemplateFile } from '../../core/bundle/bundle.ts';
import { Fault, type Place, toError } from '../../core/errors.ts';
import { isObject, type JsonObject } from '../../core/json.ts';
import { digestParts, type Reading } from './keep-current.ts';

/** The files of a bundle by their path in it, with `/` between folders. */
export type BundleFiles = ReadonlyMap<string, Uint8Array>;

const FIXED = ['.manifest', 'policy.wasm', 'data.json'];
const TEMPLATE = /^templates\/([^/]+)\/[^/]+\.yaml$/;
const SCHEMA = /^schemas\/([^/]+)\.json$/;

/**
 * Reads the files that make up a bundle, in the order of their names; whatever else lies in the folder is not looked at.
 *
 * @throws {Fault} `bundle.unreadable`, with the file
 */
export const readBundleFiles = async (folder: string): Promise<Reading<BundleFiles>> => {
  const templates = await namesBelow(folder, 'templates', 2);
  const schemas = await namesBelow(folder, 'schemas', 1).catch(noneIfMissing);
  const names = [
    ...FIXED,
    ...templates.filter((name) => TEMPLATE.test(name)),
    ...schemas.filter((name) => SCHEMA.test(name)),
  ];
  const parts = await Promise.all(names.map(async (name) => [name, await readPart(path.join(folder, name))] as const));
  return { digest: digestParts(parts), content: new Map(parts) };
};

/**
 * Loads the bundle in a folder.
 *
 * @throws {Fault} `bundle.unreadable` or `bundle.invalid`, with the file
 */
export const loadBundle = async (folder: string): Promise<Bundle> =>
  createBundle(await readBundleFiles(folder), folder);

/** The folders that hold a bundle's files, the one around it first: a new bundle may be moved over the old one. */
export const bundleFolders = async (folder: string): Promise<readonly string[]> => {
  const systems = await readdir(path.join(folder, 'templates')).catch(() => []);
  const below = ['templates', 'schemas', ...systems.map((system) => path.join('templates', system))];
  return [path.dirname(path.resolve(folder)), folder, ...below.map((name) => path.join(folder, name))];
};

/**
 * Makes a bundle of its files.
 *
 * @param digest the digest of the files
 * @throws {Fault} `bundle.invalid`, with the file, and line and column where they are known
 */
export const createBundle = async ({ digest, content }: Reading<BundleFiles>, folder: string): Promise<Bundle> => {
  const at = (name: string): string => path.join(folder, name);
  checkManifest(parseJson(content.get('.manifest'), at('.manifest')), at('.manifest'));
  return {
    digest,
    module: await compile(content.get('policy.wasm'), at('policy.wasm')),
    data: parseJson(content.get('data.json'), at('data.json')),
    templates: [...content].flatMap(([name, bytes]) => templateFile(name, decode(bytes, at(name)))),
    configSchemas: Object.fromEntries(
      [...content].flatMap(([name, bytes]) => {
        const system = SCHEMA.exec(name)?.[1];
        return system === undefined ? [] : [[system, parseJson(bytes, at(name))]];
      }),
    ),
  };
};

const templateFile = (file: string, text: string): readonly TemplateFile[] => {
  const system = TEMPLATE.exec(file)?.[1];
  return system === undefined ? [] : [{ system, file, text }];
};

/** A system may do without a schema for its configuration, so a bundle may do without the folder. */
const noneIfMissing = (thrown: unknown): readonly string[] => {
  if (thrown instanceof Fault && (thrown.cause as NodeJS.ErrnoException).code === 'ENOENT') {
    return [];
  }
  throw thrown;
};

const namesBelow = async (folder: string, below: string, depth: number): Promise<readonly string[]> => {
  const entries = await readdir(path.join(folder, below), { withFileTypes: true }).catch((thrown: unknown) => {
    throw unreadable(path.join(folder, below), thrown);
  });
  const names = await Promise.all(
    entries.map((entry) =>
      entry.isDirectory() && depth > 1
        ? namesBelow(folder, `${below}/${entry.name}`, depth - 1)
        : [`${below}/${entry.name}`],
    ),
  );
  return names.flat().sort();
};

const readPart = async (file: string): Promise<Uint8Array> => {
  try {
    return await readFile(file);
  } catch (thrown) {
    throw unreadable(file, thrown);
  }
};

const unreadable = (file: string, thrown: unknown): Fault => {
  const code = (thrown as NodeJS.ErrnoException).code ?? 'unknown';
  return new Fault('bundle.unreadable', `the bundle cannot be read (${code})`, { at: { file }, cause: thrown });
};

const invalid = (message: string, at: Place): Fault => new Fault('bundle.invalid', message, { at });

const decode = (bytes: Uint8Array | undefined, file: string): string => {
  // The compiled policy is no text; nobody asks for it as such.
  if (bytes === undefined || file.endsWith('.wasm')) {
    return '';
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw invalid('the file is not UTF-8', { file });
  }
};

const parseJson = (bytes: Uint8Array | undefined, file: string): JsonObject => {
  const text = decode(bytes, file);
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

const compile = async (bytes: Uint8Array | undefined, file: string): Promise<WebAssembly.Module> => {
  try {
    return await WebAssembly.compile(new Uint8Array(bytes ?? []));
  } catch (thrown) {
    throw invalid(`the file is no WebAssembly module: ${toError(thrown).message}`, { file });
  }
};

/** OPA's own loader refuses a `.manifest` that is no object; so does ours, whatever else stands in it. */
const checkManifest = (manifest: JsonObject, file: string): void => {
  const { roots } = manifest;
  if (roots !== undefined && !Array.isArray(roots)) {
    throw invalid('roots is not a list', { file });
  }
};
