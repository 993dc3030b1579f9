// OPA in its worker: time limits, dead threads, and compiled policies.
import { afterAll, describe, expect, it } from 'vitest';
import { createToolchain, type Toolchain } from '../../../scripts/policy/toolchain.ts';

const toolchain = createToolchain();
afterAll(() => toolchain.close());

const compile = async (rego: string, rules: readonly string[]) => {
  const entrypoints = rules.map((rule) => `p/${rule}`);
  const { wasm, problems } = await toolchain.call({ verb: 'build', modules: { 'p.rego': rego }, entrypoints });
  if (wasm === undefined) {
    throw new Error(JSON.stringify(problems));
  }
  return { wasm, entrypoints };
};

const isAlive = async (some: Toolchain): Promise<boolean> => (await some.call({ verb: 'version' })).ok;

describe('createToolchain', () => {
  it('terminates what takes too long, names it, and goes on', async () => {
    const modules = { 'a.rego': 'package a\n\nr if input.x\n' };
    await expect(toolchain.call({ verb: 'check', modules }, 0)).rejects.toMatchObject({
      code: 'toolchain.timeout',
      message: 'opa check took longer than 0 ms',
    });
    expect(await isAlive(toolchain)).toBe(true);
  });

  it('says what killed OPA, and goes on', async () => {
    const input = 'a'.repeat(30_000);
    await expect(toolchain.call({ verb: 'eval', query: 'replace(input, "a", input)', input })).rejects.toMatchObject({
      code: 'toolchain.died',
      message: expect.stringContaining('out of memory'),
    });
    expect(await isAlive(toolchain)).toBe(true);
  });

  it('says what is wrong with a request', async () => {
    const request = { verb: 'nothing' } as unknown as Parameters<Toolchain['call']>[0];
    await expect(toolchain.call(request)).rejects.toMatchObject({ code: 'toolchain.died' });
    expect(await isAlive(toolchain)).toBe(true);
  });

  it('answers calls in their order', async () => {
    const queries = ['1', '2', '3'].map((query) => toolchain.call({ verb: 'eval', query }));
    expect((await Promise.all(queries)).map(({ output }) => output)).toEqual([[[1]], [[2]], [[3]]]);
  });

  it('checks chains of 1,000 rules', async () => {
    const rules = Array.from({ length: 1000 }, (_, index) => `r${index} := r${index + 1} + 1`);
    const modules = { 'p.rego': `package p\n\n${rules.join('\n\n')}\n\nr1000 := 0\n` };
    expect((await toolchain.call({ verb: 'check', modules })).ok).toBe(true);
  });
});

describe('evaluate', () => {
  it('tells values, nothing and errors apart', async () => {
    const rego = 'package p\n\na := data.x\n\nb if false\n\nc := 1\n\nc := y if y := data.x\n\nd := 4\n';
    const { wasm, entrypoints } = await compile(rego, ['a', 'b', 'c', 'd']);
    const results = await toolchain.evaluate({ wasm, data: { x: 3 }, entrypoints });
    expect(results).toEqual([
      { entrypoint: 'p/a', value: 3 },
      { entrypoint: 'p/b' },
      { entrypoint: 'p/c', error: expect.stringContaining('conflict') },
      { entrypoint: 'p/d', value: 4 },
    ]);
  });

  it('names the entrypoint that takes too long', async () => {
    const slow = '\tsome i in xs\n\tsome j in xs\n\tsome k in xs\n\ti < j\n\tj < k\n\tk < i\n';
    const rego = `package p\n\na := 1\n\nxs := numbers.range(1, 2000)\n\nslow if {\n${slow}}\n`;
    const { wasm, entrypoints } = await compile(rego, ['a', 'slow']);
    await expect(toolchain.evaluate({ wasm, data: {}, entrypoints }, 500)).rejects.toMatchObject({
      code: 'toolchain.timeout',
      message: 'the compiled p/slow took longer than 500 ms',
    });
    expect(await isAlive(toolchain)).toBe(true);
  });
});
