// Reads a folder of policies: Rego, data, schemas, templates and capabilities.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Fault } from '../../core/errors.ts';
import type { JsonObject, JsonValue } from '../../core/json.ts';
import { listFiles, named, readJson, readText, readYaml } from './read-source.ts';

/** A folder of policies, read. Paths begin with the folder's own name (`policies/main.rego`), on every machine. */
export interface PolicySources {
  readonly folder: string;
  /** Path → Rego, tests included. */
  readonly modules: Readonly<Record<string, string>>;
  /** The document behind `data`: each system's configuration, tables and codes. */
  readonly data: JsonObject;
  /** `input`, `decision`, … and `config.<system>` → JSON Schema. */
  readonly schemas: JsonObject;
  readonly capabilities: JsonObject;
  /** Path in the bundle → text: templates, configuration schemas and cases. */
  readonly extras: Readonly<Record<string, string>>;
}

/** The repository's own policies. */
export const policiesFolder = join(import.meta.dirname, '../../policies');

/** Folders beside the systems. */
const RESERVED = ['lib', 'schemas'];
const SYSTEM_NAME = /^[a-z][a-z0-9_]*$/;

/** A system's data files, by the member of `data.podgraft` in which they are found. */
const DATA_FILES = { config: 'config.yaml', tables: 'tables.yaml', codes: 'codes.yaml' } as const;

/** Tests are evaluated and measured, and left out of the bundle. */
export const isTest = (path: string): boolean => path.endsWith('_test.rego');

/**
 * Reads the folder. One without capabilities of its own gets the repository's.
 *
 * @throws {Fault} `policies.*`, with the file and, where it is YAML, the line
 */
export const readSources = (folder: string): PolicySources => {
  const files = listFiles(folder);
  const systems = systemsOf(folder);
  const rego = files.filter((path) => path.endsWith('.rego'));
  if (rego.length === 0) {
    throw new Fault(
      'policies.missing',
      `there is no Rego in the folder ${folder}; docs/policies.md says what one holds`,
    );
  }
  return {
    folder,
    modules: Object.fromEntries(rego.map((path) => [named(folder, path), readText(folder, path)])),
    data: readData({ folder, files, systems }),
    schemas: readSchemas({ folder, files, systems }),
    capabilities: readJson(files.includes('capabilities.json') ? folder : policiesFolder, 'capabilities.json'),
    extras: readExtras({ folder, files, systems }),
  };
};

interface Listing {
  readonly folder: string;
  readonly files: readonly string[];
  readonly systems: readonly string[];
}

const systemsOf = (folder: string): readonly string[] => {
  const folders = readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.') && !RESERVED.includes(entry.name))
    .map((entry) => entry.name)
    .sort();
  const misnamed = folders.find((name) => !SYSTEM_NAME.test(name));
  if (misnamed !== undefined) {
    const at = { file: named(folder, misnamed) };
    throw new Fault('policies.system', 'a system’s folder is named in lower case letters, digits and underscores', {
      at,
    });
  }
  return folders;
};

const readData = ({ folder, files, systems }: Listing): JsonObject => {
  const document = Object.entries(DATA_FILES).map(([kind, name]) => {
    const found = systems.flatMap((system) => {
      const path = `${system}/${name}`;
      if (files.includes(path)) {
        return [[system, readYaml(folder, path)]];
      }
      // A system is asked by the name of its configuration, so each has one.
      return kind === 'config' ? [[system, {}]] : [];
    });
    return [kind, Object.fromEntries(found)];
  });
  return { podgraft: Object.fromEntries(document) };
};

const readSchemas = ({ folder, files, systems }: Listing): JsonObject => {
  const schemas: Record<string, JsonValue> = {};
  for (const path of files) {
    const [, shared] = /^schemas\/([^/]+)\.json$/.exec(path) ?? [];
    const [, system] = /^([^/]+)\/config\.schema\.json$/.exec(path) ?? [];
    if (shared !== undefined) {
      schemas[shared] = readJson(folder, path);
    } else if (system !== undefined && systems.includes(system)) {
      schemas[`config.${system}`] = readJson(folder, path);
    }
  }
  return schemas;
};

const readExtras = ({ folder, files, systems }: Listing): Record<string, string> => {
  const extras: Record<string, string> = {};
  for (const path of files) {
    const [system = '', name = '', deeper] = path.split('/');
    if (!systems.includes(system)) {
      continue;
    }
    if (deeper !== undefined) {
      if (name === 'cases') {
        extras[`cases/${system}/${deeper}`] = readText(folder, path);
      }
      continue;
    }
    if (name === 'config.schema.json') {
      extras[`schemas/${system}.json`] = readText(folder, path);
    } else if (/^template.*\.yaml$/.test(name)) {
      extras[`templates/${system}/${name}`] = readText(folder, path);
    }
  }
  return extras;
};
