// Reads the common name out of a distinguished name in text form (RFC 4514, which replaces RFC 2253).

const ATTRIBUTE = /^(?:CN|2\.5\.4\.3)$/i;
const HEX_PAIR = /^[\dA-Fa-f]{2}$/;
/** An odd number of backslashes at the end: the last one escapes nothing. */
const ENDS_IN_ESCAPE = /(?<!\\)(?:\\\\)*\\$/;

/**
 * The common name. `undefined` where there is none, where there are several, or where the text is not of this form: a
 * name that can be read in two ways is no name to rely on.
 */
export const commonName = (text: string): string | undefined => {
  const names: (string | undefined)[] = [];
  if (ENDS_IN_ESCAPE.test(text)) {
    return undefined;
  }
  for (const part of splitUnescaped(text)) {
    const equals = part.indexOf('=');
    if (ATTRIBUTE.test(part.slice(0, Math.max(0, equals)).trim())) {
      names.push(unescapeValue(part.slice(equals + 1)));
    }
  }
  return names.length === 1 && names[0] !== '' ? names[0] : undefined;
};

/** Splits at `,` `;` and `+`, where no backslash stands before them. Quotes are of RFC 1779 and not taken. */
const splitUnescaped = (text: string): readonly string[] => text.match(/(?:\\[\s\S]|[^\\,;+])+/g) ?? [];

/** Takes the escapes away; `undefined` where one is broken, and for the forms `#hex` and `"quoted"`. */
const unescapeValue = (value: string): string | undefined => {
  const text = trimUnescaped(value);
  if (/^[#"]/.test(text)) {
    return undefined;
  }
  const bytes: number[] = [];
  for (let index = 0; index < text.length; ) {
    const pair = text.slice(index + 1, index + 3);
    if (text[index] !== '\\') {
      const character = String.fromCodePoint(text.codePointAt(index) ?? 0);
      bytes.push(...new TextEncoder().encode(character));
      index += character.length;
    } else if (HEX_PAIR.test(pair)) {
      bytes.push(Number.parseInt(pair, 16));
      index += 3;
    } else if (/^[ "#+,;<=>\\]/.test(pair)) {
      bytes.push(pair.charCodeAt(0));
      index += 2;
    } else {
      return undefined;
    }
  }
  return decodeUtf8(Uint8Array.from(bytes));
};

const decodeUtf8 = (bytes: Uint8Array): string | undefined => {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
};

/** Spaces around a value don't belong to it, an escaped one at its end does. */
const trimUnescaped = (value: string): string => {
  const text = value.trimStart();
  const trimmed = text.trimEnd();
  return trimmed.endsWith('\\') && trimmed.length < text.length ? `${trimmed} ` : trimmed;
};
