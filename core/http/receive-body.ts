// Reads the body of a request, within its limit and the room that all bodies have.
import { Fault } from '../errors.ts';
import { joinBytes } from '../join-bytes.ts';
import type { BodyHold } from './body-room.ts';

/**
 * Reads the body of a request.
 *
 * @param limit bytes
 * @throws {Fault} `review.size`, `review.busy`, `review.aborted`
 */
export const receiveBody = async (request: Request, limit: number, hold: BodyHold): Promise<Uint8Array> => {
  try {
    return await readBody(request, limit, hold);
  } catch (thrown) {
    // Whatever a runtime throws here, it is the connection that broke.
    throw thrown instanceof Fault
      ? thrown
      : new Fault('review.aborted', 'the request body broke off', { cause: thrown });
  }
};

/** Reads a body and stops as soon as it is too large, whatever `content-length` promised. */
const readBody = async (request: Request, limit: number, hold: BodyHold): Promise<Uint8Array> => {
  const tooLarge = (): Fault => new Fault('review.size', `the request body is larger than ${limit} bytes`);
  const promised = Number(request.headers.get('content-length') ?? Number.NaN);
  if (promised > limit) {
    throw tooLarge();
  }
  if (promised >= 0) {
    hold.take(promised);
    const body = new Uint8Array(await request.arrayBuffer());
    if (body.byteLength > limit) {
      throw tooLarge();
    }
    return body;
  }
  return readChunks(request, { limit, tooLarge, hold });
};

const readChunks = async (
  request: Request,
  { limit, tooLarge, hold }: { limit: number; tooLarge: () => Fault; hold: BodyHold },
): Promise<Uint8Array> => {
  const chunks: Uint8Array[] = [];
  let size = 0;
  const reader = request.body?.getReader();
  for (let next = await reader?.read(); next?.value !== undefined; next = await reader?.read()) {
    size += next.value.byteLength;
    if (size > limit) {
      await reader?.cancel();
      throw tooLarge();
    }
    hold.take(next.value.byteLength);
    chunks.push(next.value);
  }
  return joinBytes(chunks, size);
};
