// The memory section's maximum.
import { describe, expect, it } from 'vitest';
import { limitMemory } from '../../../scripts/policy/wasm-memory.ts';

const header = [0, 97, 115, 109, 1, 0, 0, 0];
/** An exported memory of 2 pages, with no maximum. */
const memory = [...header, 5, 3, 1, 0, 2, 7, 5, 1, 1, 109, 2, 0];

const grow = async (wasm: Uint8Array<ArrayBuffer>, pages: number): Promise<number> => {
  const { instance } = await WebAssembly.instantiate(wasm);
  return (instance.exports['m'] as WebAssembly.Memory).grow(pages);
};

describe('limitMemory', () => {
  it('lets the memory grow up to the maximum and no further', async () => {
    const limited = limitMemory(new Uint8Array(memory), 300);
    expect(await grow(limited, 298)).toBe(2);
    await expect(grow(limited, 299)).rejects.toThrow(RangeError);
    expect(await grow(new Uint8Array(memory), 299)).toBe(2);
  });

  it('finds the section behind others, and keeps them', async () => {
    const custom = [0, 130, 1, 1, 120, ...new Array(128).fill(5)];
    const limited = limitMemory(new Uint8Array([...header, ...custom, ...memory.slice(8)]), 8192);
    expect([...limited.subarray(8, 8 + custom.length)]).toEqual(custom);
    await expect(grow(limited, 8191)).rejects.toThrow(RangeError);
  });

  it('refuses a module without a memory, or with two', () => {
    expect(() => limitMemory(new Uint8Array(header), 1)).toThrow('no memory section');
    expect(() => limitMemory(new Uint8Array([...header, 5, 5, 2, 0, 1, 0, 1]), 1)).toThrow('not exactly one');
  });
});
