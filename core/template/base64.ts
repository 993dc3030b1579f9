// Base64 of a text's UTF-8.

/** Encodes a text ([RFC 4648](https://www.rfc-editor.org/rfc/rfc4648), section 4). */
export const encodeBase64 = (text: string): string => btoa(toByteString(text));

/** `btoa` takes characters for bytes: a text of ASCII is its own UTF-8. */
const toByteString = (text: string): string => {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: all of ASCII is meant
  if (/^[\u0000-\u007f]*$/.test(text)) {
    return text;
  }
  let bytes = '';
  for (const byte of new TextEncoder().encode(text)) {
    bytes += String.fromCharCode(byte);
  }
  return bytes;
};
