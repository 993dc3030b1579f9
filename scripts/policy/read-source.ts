// Reads single files of a policies folder; what is wrong with one is a fault with its place.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join, relative, sep } from 'node:path';
import { Fault } from '../../core/errors.ts';
import { isObject, type JsonObject, type JsonValue } from '../../core/json.ts';
import { parseYaml } from '../../core/template/parse.ts';

/** A file's name in every message and in the compiled policy: the folder's own name and the path below it. */
export const named = (folder: string, path: string): string => `${basename(folder)}/${path}`;

/** Every file below the folder that is not hidden, of cases only those proper, as sorted paths relative to it, with `/`. */
export const listFiles = (folder: string): readonly string[] => {
  if (!existsSync(folder)) {
    throw new Fault('policies.missing', `there is no folder ${folder}`);
  }
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .filter((path) => !/(^|\/)\.|^[^/]+\/cases\/(?![^/]+\.yaml$)/.test(path))
    .sort();
};

/** Reads a text; it has to be UTF-8. */
export const readText = (folder: string, path: string): string => {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(readFileSync(join(folder, path)));
  } catch (cause) {
    const message = cause instanceof TypeError ? 'the file is not UTF-8' : 'the file cannot be read';
    throw new Fault('policies.file', message, { at: { file: named(folder, path) }, cause });
  }
};

/** Reads a JSON object. */
export const readJson = (folder: string, path: string): JsonObject => {
  const at = { file: named(folder, path) };
  let value: JsonValue;
  try {
    value = JSON.parse(readText(folder, path));
  } catch (cause) {
    if (cause instanceof Fault) {
      throw cause;
    }
    throw new Fault('policies.json', cause instanceof Error ? cause.message : 'the file is not JSON', { at, cause });
  }
  if (!isObject(value)) {
    throw new Fault('policies.json', 'the file is not a JSON object', { at });
  }
  return value;
};

/** Reads a YAML file that is a map. */
export const readYaml = (folder: string, path: string): JsonObject => {
  const { value, placeOf } = parseYaml(readText(folder, path), named(folder, path), 'policies');
  if (!isObject(value)) {
    throw new Fault('policies.data', 'the file is not a map', { at: placeOf([]) });
  }
  return value;
};
