// Puts the texts of several manifests behind each other, as one that kubectl reads.

/** A manifest's text as it is written. */
export interface ManifestText {
  readonly text: string;
  readonly format: 'yaml' | 'json';
}

/** Joins texts: JSON objects as a stream, and as soon as YAML is among them, documents with markers between. */
export const joinTexts = (texts: readonly ManifestText[]): string => {
  const isStream = texts.every(({ format }) => format === 'json');
  const [first, ...others] = texts.map(({ text }, index) => (index === 0 ? text : text.replace(/^\uFEFF/, '')));
  let result = first ?? '';
  if (!isStream && texts.length > 1 && texts[0]?.format === 'json') {
    // What begins like JSON is read as nothing but JSON.
    result = `---\n${result.replace(/^\uFEFF/, '')}`;
  }
  for (const text of others) {
    const isApart = result.endsWith('\n') || (isStream && /^\s/.test(text));
    result += (isApart ? '' : '\n') + (isStream ? '' : marker(text)) + text;
  }
  return result;
};

/** A text that brings its own marker needs none; directives may stand only behind the end of a document. */
const marker = (text: string): string => {
  if (/^---\s/.test(text)) {
    return '';
  }
  return /^(?:#[^\n]*\n|\s*\n)*%/.test(text) ? '...\n' : '---\n';
};
