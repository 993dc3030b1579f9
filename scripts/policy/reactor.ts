// Reads the committed OPA reactor: checks its digest, unpacks and compiles it.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliDecompressSync, constants } from 'node:zlib';

/** Where the reactor and its source are. */
export const reactorFolder = join(import.meta.dirname, '../../tools/opa');
export const reactorFile = join(reactorFolder, 'opa.wasm.br');
export const digestFile = join(reactorFolder, 'opa.wasm.br.sha256');

/** The sha256 of the reactor, unpacked and packed, as committed. */
export interface Digests {
  readonly raw: string;
  readonly compressed: string;
}

/** Reads the digest file, which has the form of `sha256sum`. */
export const readDigests = (): Digests => {
  const text = readFileSync(digestFile, 'utf8');
  const digestOf = (name: string): string => {
    const line = text.split('\n').find((candidate) => candidate.endsWith(`  ${name}`));
    if (line === undefined) {
      throw new Error(`${digestFile}: no line for ${name}`);
    }
    return line.slice(0, 64);
  };
  return { raw: digestOf('opa.wasm'), compressed: digestOf('opa.wasm.br') };
};

/**
 * Unpacks and compiles the reactor (about 0.3 s).
 *
 * @throws {Error} where the file is not the one that its digest names
 */
export const compileReactor = async (): Promise<WebAssembly.Module> => {
  const compressed = readFileSync(reactorFile);
  const digest = createHash('sha256').update(compressed).digest('hex');
  if (digest !== readDigests().compressed) {
    throw new Error(`${reactorFile} is damaged: its sha256 is ${digest}; take it from the repository again`);
  }
  const wasm = brotliDecompressSync(compressed, { params: { [constants.BROTLI_DECODER_PARAM_LARGE_WINDOW]: 1 } });
  return WebAssembly.compile(wasm as BufferSource);
};
