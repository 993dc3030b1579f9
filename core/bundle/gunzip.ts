// Unpacks gzip within a limit, on any runtime.
import { Fault, toError } from '../errors.ts';
import { joinBytes } from '../join-bytes.ts';

/**
 * Unpacks a gzip file ([RFC 1952](https://www.rfc-editor.org/rfc/rfc1952)). What comes out is counted while it comes:
 * a small file can unpack to any size.
 *
 * @param limit bytes
 * @throws {Fault} `bundle.size` beyond the limit, `bundle.archive` where the file is not whole
 */
export const gunzip = async (bytes: Uint8Array<ArrayBuffer>, limit: number): Promise<Uint8Array<ArrayBuffer>> => {
  const reader = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip')).getReader();
  const chunks: Uint8Array[] = [];
  let size = 0;
  for (let next = await readChunk(reader); !next.done; next = await readChunk(reader)) {
    size += next.value.byteLength;
    if (size > limit) {
      await reader.cancel().catch(() => undefined);
      throw new Fault('bundle.size', `the archive of ${bytes.byteLength} bytes unpacks to more than ${limit}`);
    }
    chunks.push(next.value);
  }
  return joinBytes(chunks, size);
};

const readChunk = async (reader: ReadableStreamDefaultReader<Uint8Array>) => {
  try {
    return await reader.read();
  } catch (thrown) {
    const { message } = toError(thrown);
    const why = message === '' ? '' : `: ${message}`;
    throw new Fault('bundle.archive', `the file is no whole gzip archive${why}`, { cause: thrown });
  }
};
