// Gives the memory of a WebAssembly module a maximum: Go's linker writes none.

const MEMORY_SECTION = 5;
const HEADER_BYTES = 8;

/**
 * Rewrites the memory section.
 *
 * @param pages the maximum, in pages of 64 KiB
 * @throws {Error} where the module has no memory of its own, or more than one
 */
export const limitMemory = (wasm: Uint8Array, pages: number): Buffer<ArrayBuffer> => {
  let at = HEADER_BYTES;
  while (at < wasm.length) {
    const size = readUnsigned(wasm, at + 1);
    const end = size.next + size.value;
    if (wasm[at] === MEMORY_SECTION) {
      const section = limited(wasm.subarray(size.next, end), pages);
      return Buffer.concat([
        wasm.subarray(0, at),
        Buffer.from([MEMORY_SECTION, ...writeUnsigned(section.length), ...section]),
        wasm.subarray(end),
      ]);
    }
    at = end;
  }
  throw new Error('the module has no memory section');
};

const limited = (section: Uint8Array, pages: number): readonly number[] => {
  if (section[0] !== 1) {
    throw new Error('the module has not exactly one memory');
  }
  const initial = readUnsigned(section, 2).value;
  return [1, 1, ...writeUnsigned(initial), ...writeUnsigned(pages)];
};

/** LEB128, as WebAssembly writes all its numbers. */
const readUnsigned = (bytes: Uint8Array, from: number): { readonly value: number; readonly next: number } => {
  let value = 0;
  let at = from;
  for (let factor = 1; ; factor *= 128) {
    const byte = bytes[at++] ?? 0;
    value += (byte & 127) * factor;
    if (byte < 128) {
      return { value, next: at };
    }
  }
};

const writeUnsigned = (value: number): readonly number[] =>
  value < 128 ? [value] : [(value % 128) + 128, ...writeUnsigned(Math.floor(value / 128))];
