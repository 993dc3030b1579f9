// Joins the chunks that a stream came in.

/** @param size of all chunks together, in bytes: whoever reads a stream within a limit has counted them */
export const joinBytes = (chunks: readonly Uint8Array[], size: number): Uint8Array<ArrayBuffer> => {
  const joined = new Uint8Array(size);
  let offset = 0;
  for (const chunk of chunks) {
    joined.set(chunk, offset);
    offset += chunk.byteLength;
  }
  return joined;
};
