// Reads a manifest as kubectl reads it: YAML 1.1 with several documents, or JSON, with the place of everything in it.
import { type Document, isMap, isScalar, isSeq, LineCounter, type ParsedNode, parseAllDocuments, visit } from 'yaml';
import { Fault, toError } from '../../core/errors.ts';
import type { JsonValue } from '../../core/json.ts';
import { kubectlTags } from './kubectl-tags.ts';

/** A path into a document: keys and indices. */
export type Path = readonly (string | number)[];

/** One document of a manifest. */
export interface ManifestDocument {
  /** What it says; where a double does not hold the digits of a number, an {@link ExactNumber} stands for it. */
  readonly value: JsonValue;
  /** Its content in the source, with offsets into the whole text; null for an empty document. */
  readonly root: ParsedNode | null;
  /** The line, from 1, where the value at a path begins; the last step that leads somewhere counts. */
  readonly lineOf: (path: Path) => number;
}

/** A manifest with its documents in order. */
export interface Manifest {
  readonly file: string;
  /** The file's text, or of a stream of JSON objects the one. */
  readonly text: string;
  /** JSON is written back as JSON. */
  readonly format: 'yaml' | 'json';
  readonly documents: readonly ManifestDocument[];
}

/**
 * Parses a manifest.
 *
 * kubectl goes by YAML 1.1, as Go's library has it: `0644` is octal, `yes` is a boolean, `<<` merges.
 *
 * @param linesBefore how many lines of the file stand before the text
 * @throws {Fault} `manifest.yaml` with file, line and column
 */
export const parseManifest = (text: string, file: string, linesBefore = 0): Manifest => {
  const lines = new LineCounter();
  const source = { file, lines, linesBefore };
  const format = isJson(text) ? 'json' : 'yaml';
  if (format === 'yaml') {
    checkCharacters(text, source);
  }
  const documents = parseDocuments(text, source);
  return {
    file,
    text,
    format,
    documents: documents.map((document) => ({
      value: toJson(document, source),
      root: document.contents,
      lineOf: (path) => Math.max(lines.linePos(offsetOf(document.contents, path)).line, 1) + linesBefore,
    })),
  };
};

type ParsedDocument = Document.Parsed<ParsedNode>;

interface Source {
  readonly file: string;
  readonly lines: LineCounter;
  readonly linesBefore: number;
}

const parseDocuments = (text: string, source: Source): readonly ParsedDocument[] => {
  let parsed: readonly ParsedDocument[];
  try {
    const found = parseAllDocuments(text, {
      version: '1.1',
      customTags: kubectlTags,
      keepSourceTokens: true,
      lineCounter: source.lines,
      logLevel: 'silent',
      prettyErrors: false,
    });
    parsed = 'empty' in found ? [] : found;
  } catch (thrown) {
    throw refuse(toError(thrown).message, 0, source);
  }
  for (const { errors } of parsed) {
    const [error] = errors;
    if (error !== undefined) {
      throw refuse(explain(error.message, text, error.pos[0]), error.pos[0], source);
    }
  }
  return parsed;
};

/** What kubectl's reader of YAML refuses; within texts it may stand as an escape. */
const CONTROL = /[^\P{Cc}\t\n\r\u0085]|[\ufffe\uffff]/u;

const codePoint = (character: string): string =>
  `U+${character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`;

const checkCharacters = (text: string, source: Omit<Source, 'lines'>): void => {
  const control = CONTROL.exec(text);
  if (control !== null) {
    const starts = new LineCounter();
    starts.addNewLine(0);
    for (const { index } of text.slice(0, control.index).matchAll(/\n/g)) {
      starts.addNewLine(index + 1);
    }
    const message = `a control character, ${codePoint(control[0])}, stands here; YAML allows none`;
    throw refuse(message, control.index, { ...source, lines: starts });
  }
};

const refuse = (message: string, offset: number, { file, lines, linesBefore }: Source): Fault => {
  const { line, col } = lines.linePos(offset);
  const shown = message.startsWith('Maximum call stack') ? 'lists and maps are nested too deeply' : message;
  const at = { file, line: Math.max(line, 1) + linesBefore, column: Math.max(col, 1) };
  return new Fault('manifest.yaml', shown, { at });
};

const explain = (message: string, text: string, offset: number): string => {
  const begin = text.lastIndexOf('\n', offset - 1) + 1;
  const end = text.indexOf('\n', offset);
  const hint = text.slice(begin, end === -1 ? text.length : end).includes('{{');
  const [first = ''] = message.split('\n');
  return hint ? `${first}; this looks like a template: render it first, for example with "helm template"` : first;
};

const toJson = (document: ParsedDocument, source: Source): JsonValue => {
  try {
    return (document.toJS({ maxAliasCount: 1000 }) ?? null) as JsonValue;
  } catch (thrown) {
    const { message } = toError(thrown);
    throw refuse(message, aliasOffset(document, message) ?? document.range[0], source);
  }
};

/** Where the alias stands that a message names at its end. */
const aliasOffset = (document: ParsedDocument, message: string): number | undefined => {
  let offset: number | undefined;
  visit(document, {
    Alias: (_, { source, range }) => {
      if (!message.endsWith(`: ${source}`)) {
        return undefined;
      }
      offset = range?.[0];
      return visit.BREAK;
    },
  });
  return offset;
};

/** Tells whether a text is one JSON object. */
export const isJson = (text: string): boolean => {
  if (!/^[\s\uFEFF]*\{/.test(text)) {
    return false;
  }
  try {
    JSON.parse(text.replace(/^\uFEFF/, ''));
    return true;
  } catch {
    return false;
  }
};

const offsetOf = (root: ParsedNode | null, path: Path): number => {
  let node: unknown = root;
  let offset = root?.range[0] ?? 0;
  for (const step of path) {
    const found = stepInto(node, step);
    if (found === undefined) {
      return offset;
    }
    node = found.node;
    offset = found.offset ?? offset;
  }
  return offset;
};

const stepInto = (node: unknown, step: string | number): { node: unknown; offset: number | undefined } | undefined => {
  if (isSeq<ParsedNode>(node)) {
    const item = node.items[Number(step)];
    return item === undefined ? undefined : { node: item, offset: item.range[0] };
  }
  if (isMap<ParsedNode, ParsedNode | null>(node)) {
    const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === step);
    return pair === undefined ? undefined : { node: pair.value, offset: pair.key.range[0] };
  }
  return undefined;
};
