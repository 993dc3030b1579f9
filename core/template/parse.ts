// Parses strict YAML 1.2 and remembers where everything stands: templates and the operator's configuration.
import { isMap, isScalar, isSeq, LineCounter, type ParsedNode, parseAllDocuments } from 'yaml';
import { Fault, type Place } from '../errors.ts';
import { type JsonValue, pointer, setOwn } from '../json.ts';

/** A path into a parsed value: keys and indices. */
export type ValuePath = readonly (string | number)[];

/** A YAML document as JSON, with its places. */
export interface ParsedYaml {
  readonly value: JsonValue;
  /** Where a member's key or a list's item stands; for a path that leads nowhere, the last step that leads somewhere. */
  readonly placeOf: (path: ValuePath) => Place;
}

/** The most that one file may hold, in bytes of UTF-8. */
export const MAX_YAML_BYTES = 256 * 1024;

/** How deep lists and maps may be nested. */
const MAX_DEPTH = 100;

const TOO_DEEP = `lists and maps are nested deeper than ${MAX_DEPTH}`;

/**
 * Parses one YAML 1.2 document of the core schema into a JSON value. Refuses what a reader could misread: tags,
 * anchors, aliases, merge keys, doubled keys, keys that are no text, numbers that JSON cannot carry, several documents.
 *
 * @param file the name for places
 * @param area the first word of the fault's code
 * @throws {Fault} `<area>.yaml` with file, line and column
 */
export const parseYaml = (text: string, file: string, area = 'template'): ParsedYaml => {
  const lines = new LineCounter();
  const source: YamlSource = {
    at: (offset) => {
      const { line, col } = lines.linePos(offset);
      return { file, line: Math.max(line, 1), column: Math.max(col, 1) };
    },
    refuse: (message, offset) => {
      throw new Fault(`${area}.yaml`, message, { at: source.at(offset) });
    },
  };
  checkText(text, source, lines);
  const root = composeDocument(text, source, lines);
  return {
    value: root === null ? null : toJson(root, source, 0),
    placeOf: (path) => ({ ...source.at(offsetOf(root, path)), pointer: pointer(path) }),
  };
};

interface YamlSource {
  readonly at: (offset: number) => { readonly file: string; readonly line: number; readonly column: number };
  readonly refuse: (message: string, offset: number) => never;
}

const checkText = (text: string, source: YamlSource, lines: LineCounter): void => {
  if (text.length > MAX_YAML_BYTES || new TextEncoder().encode(text).length > MAX_YAML_BYTES) {
    lines.addNewLine(0);
    source.refuse(`the file is larger than ${MAX_YAML_BYTES / 1024} KiB`, 0);
  }
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what YAML 1.2 does not allow (section 5.1)
  const control = text.search(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\ufffe\uffff]/);
  if (control >= 0) {
    addLines(text.slice(0, control), lines);
    source.refuse('a control character stands here; write it as an escape in double quotes', control);
  }
};

const addLines = (text: string, lines: LineCounter): void => {
  lines.addNewLine(0);
  for (let index = text.indexOf('\n'); index >= 0; index = text.indexOf('\n', index + 1)) {
    lines.addNewLine(index + 1);
  }
};

const composeDocument = (text: string, source: YamlSource, lines: LineCounter): ParsedNode | null => {
  const documents = parseDocuments(text, source, lines);
  const [document, second] = documents;
  if (document === undefined) {
    return null;
  }
  const problem = document.errors[0] ?? document.warnings[0];
  if (problem !== undefined) {
    return source.refuse(problemText(problem.message), problem.pos[0]);
  }
  if (second !== undefined) {
    return source.refuse('a second document begins here; a file holds one', second.range[0]);
  }
  if (document.directives?.yaml.explicit === true && document.directives.yaml.version !== '1.2') {
    return source.refuse('only YAML 1.2 is read; remove the %YAML line', 0);
  }
  return document.contents;
};

const parseDocuments = (text: string, source: YamlSource, lines: LineCounter) => {
  try {
    // Doubled keys are looked for below: the library compares every key with every other.
    const parsed = parseAllDocuments(text, {
      lineCounter: lines,
      prettyErrors: false,
      resolveKnownTags: false,
      uniqueKeys: false,
    });
    return Array.isArray(parsed) ? parsed : [];
  } catch (thrown) {
    if (thrown instanceof RangeError) {
      return source.refuse(TOO_DEEP, 0);
    }
    throw thrown;
  }
};

const problemText = (message: string): string =>
  message.startsWith('Maximum call stack') ? TOO_DEEP : (message.split('\n', 1)[0] ?? message);

const toJson = (node: ParsedNode, source: YamlSource, depth: number): JsonValue => {
  if (depth > MAX_DEPTH) {
    return source.refuse(TOO_DEEP, node.range[0]);
  }
  if ('source' in node && !isScalar(node)) {
    return source.refuse('aliases are not allowed; say it again', node.range[0]);
  }
  if (node.anchor !== undefined) {
    return source.refuse('anchors are not allowed', node.range[0]);
  }
  if (node.tag !== undefined) {
    return source.refuse(`the tag ${node.tag} is not allowed`, node.range[0]);
  }
  if (isMap(node)) {
    return mapToJson(node, source, depth);
  }
  if (isSeq(node)) {
    return node.items.map((item) => toJson(item, source, depth + 1));
  }
  return scalarToJson(node.value, source, node.range[0]);
};

const scalarToJson = (value: unknown, source: YamlSource, offset: number): JsonValue => {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return value;
    case 'number':
      return Number.isFinite(value) && (!Number.isInteger(value) || Number.isSafeInteger(value))
        ? value
        : source.refuse('the number cannot be written in JSON without loss; quote it to make it a text', offset);
    default:
      return value === null ? null : source.refuse('the value is no JSON value; quote it to make it a text', offset);
  }
};

type ParsedMap = Extract<ParsedNode, { items: { key: unknown }[] }>;

const mapToJson = (node: ParsedMap, source: YamlSource, depth: number): JsonValue => {
  const object: { [key: string]: JsonValue } = {};
  for (const { key, value } of node.items) {
    const name = keyText(key, source, node.range[0]);
    if (Object.hasOwn(object, name)) {
      source.refuse(`the key "${name}" stands here twice`, offsetOfKey(key, node.range[0]));
    }
    setOwn(object, name, value === null ? null : toJson(value, source, depth + 1));
  }
  return object;
};

const keyText = (key: ParsedNode | null, source: YamlSource, fallback: number): string => {
  if (!isScalar(key) || typeof key.value !== 'string') {
    return source.refuse('a key must be a text; quote it', offsetOfKey(key, fallback));
  }
  if (key.anchor !== undefined || key.tag !== undefined) {
    return source.refuse('anchors and tags are not allowed', key.range[0]);
  }
  if (key.value === '<<' && key.type === 'PLAIN') {
    return source.refuse('merge keys are not allowed; say it again', key.range[0]);
  }
  return key.value;
};

const offsetOfKey = (key: ParsedNode | null, fallback: number): number => key?.range[0] ?? fallback;

const offsetOf = (root: ParsedNode | null, path: ValuePath): number => {
  let node = root;
  let offset = root?.range[0] ?? 0;
  for (const step of path) {
    if (isSeq(node) && typeof step === 'number') {
      node = (node.items[step] as ParsedNode | undefined) ?? null;
      offset = node?.range[0] ?? offset;
    } else if (isMap(node)) {
      const pair = (node as ParsedMap).items.find(({ key }) => isScalar(key) && key.value === step);
      node = pair?.value ?? null;
      offset = offsetOfKey(pair?.key ?? null, offset);
    } else {
      return offset;
    }
  }
  return offset;
};
