// The host of the OPA reactor: verbs, the builtins' border, and what a dead instance costs.
import { beforeAll, describe, expect, it } from 'vitest';
import { compileReactor } from '../../../scripts/policy/reactor.ts';
import { type Builtins, createReactor, type Reactor } from '../../../tools/opa/host.ts';

const builtins: Builtins = {
  'podgraft.echo': (value) => value,
  'podgraft.long': (length) => 'é'.repeat(Number(length)),
  'podgraft.broken': () => {
    throw new Error('it broke');
  },
};

const declare = (name: string): object => ({
  name,
  decl: { type: 'function', args: [{ type: 'any' }], result: { type: 'any' } },
});

let module: WebAssembly.Module;
let capabilities: object;

beforeAll(async () => {
  module = await compileReactor();
  const own = (await createReactor(module, {}).call({ verb: 'capabilities' })).output as { builtins: object[] };
  const added = ['podgraft.echo', 'podgraft.long', 'podgraft.broken', 'podgraft.unknown'].map(declare);
  capabilities = { ...own, builtins: [...own.builtins, ...added] };
});

const evaluate = (reactor: Reactor, query: string) =>
  reactor.call({ verb: 'eval', query, capabilities, modules: {}, data: {} });

describe('createReactor', () => {
  it('says which OPA it is', async () => {
    expect(await createReactor(module, {}).call({ verb: 'version' })).toEqual({ ok: true, output: '1.22.0' });
  });

  it('names file, line, column and code of what a strict check finds', async () => {
    const modules = { 'policies/a.rego': 'package a\n\nf(x) := 1\n', 'policies/b.rego': 'package b\n\nr := {\n' };
    const parsed = await createReactor(module, {}).call({ verb: 'check', modules, strict: true });
    expect(parsed.problems).toContainEqual(
      expect.objectContaining({ code: 'rego_parse_error', file: 'policies/b.rego', line: 4 }),
    );
    const strict = { verb: 'check', modules: { 'policies/a.rego': modules['policies/a.rego'] }, strict: true } as const;
    expect((await createReactor(module, {}).call(strict)).problems).toMatchObject([
      { code: 'rego_compile_error', file: 'policies/a.rego', line: 3, column: 1 },
    ]);
  });

  it('checks rules against the schemas that their annotations name', async () => {
    const rego =
      'package a\n\n# METADATA\n# schemas:\n#   - input: schema.input\n#   - data.c: schema.config.sys\nr if input.naem == data.c.x\n';
    const input = { type: 'object', properties: { name: { type: 'string' } }, additionalProperties: false };
    const config = { type: 'object', properties: { x: { type: 'string' } }, additionalProperties: false };
    const check = (text: string) =>
      createReactor(module, {}).call({
        verb: 'check',
        modules: { 'a.rego': text },
        schemas: { input, 'config.sys': config },
      });
    expect((await check(rego)).problems).toMatchObject([{ code: 'rego_type_error', file: 'a.rego', line: 7 }]);
    expect((await check(rego.replace('naem', 'name'))).ok).toBe(true);
    expect((await check(rego.replace('naem', 'name').replace('data.c.x', 'data.c.y'))).ok).toBe(false);
  });

  it('refuses a builtin that the capabilities lack', async () => {
    const modules = { 'a.rego': 'package a\n\nr := sprintf("%d", [1])\n' };
    const answer = await createReactor(module, {}).call({
      verb: 'check',
      modules,
      capabilities: { features: ['rego_v1'], builtins: [] },
    });
    expect(answer.problems).toMatchObject([{ code: 'rego_type_error', message: 'undefined function sprintf' }]);
  });

  it('answers an unknown verb as a fault and goes on', async () => {
    const reactor = createReactor(module, {});
    const unknown = { verb: 'explode' } as unknown as Parameters<Reactor['call']>[0];
    expect(await reactor.call(unknown)).toEqual({ ok: false, fault: 'unknown verb "explode"' });
    expect((await reactor.call({ verb: 'version' })).ok).toBe(true);
  });

  it('builds the same bytes whatever the order of the files', async () => {
    const files = { 'p/a.rego': 'package a\n\nr := data.b.r\n', 'p/b.rego': 'package b\n\nr := input.x\n' };
    const turned = { 'p/b.rego': files['p/b.rego'], 'p/a.rego': files['p/a.rego'] };
    const build = async (modules: Record<string, string>) =>
      (await createReactor(module, {}).call({ verb: 'build', modules, entrypoints: ['a/r'] })).wasm;
    const wasm = await build(files);
    expect(wasm?.subarray(0, 4)).toEqual(new Uint8Array([0, 97, 115, 109]));
    expect(await build(turned)).toEqual(wasm);
  });
});

describe('custom builtins', () => {
  it.each([['"a\\u0000b"'], ['{"k": [1, 2.5, null, true, "ü😀"]}'], ['[]'], ['123456789.125']])(
    'pass %s to the host and back',
    async (value) => {
      const answer = await evaluate(createReactor(module, builtins), `podgraft.echo(${value})`);
      expect(answer.output).toEqual([[JSON.parse(value)]]);
    },
  );

  it('give answers longer than the first buffer', async () => {
    const answer = await evaluate(createReactor(module, builtins), 'podgraft.long(100000)');
    expect(answer.output).toEqual([['é'.repeat(100_000)]]);
  });

  it.each([
    ['podgraft.broken', 'Error: it broke'],
    ['podgraft.unknown', 'the host has no such builtin'],
  ])('stop the evaluation where %s fails', async (name, message) => {
    const answer = await evaluate(createReactor(module, builtins), `not ${name}(1)`);
    expect(answer.ok).toBe(false);
    expect(answer.problems?.[0]?.message).toContain(message);
  });

  it('are called in tests too, and can be replaced there', async () => {
    const rego =
      'package a\n\ntest_own if podgraft.echo(1) == 1\n\nfake(_) := 2\n\ntest_fake if podgraft.echo(1) == 2 with podgraft.echo as fake\n';
    const modules = { 'a_test.rego': rego };
    const answer = await createReactor(module, builtins).call({ verb: 'test', modules, capabilities });
    expect(answer.tests?.map(({ name, outcome }) => [name, outcome])).toEqual([
      ['test_own', 'pass'],
      ['test_fake', 'pass'],
    ]);
  });
});

describe('limits', () => {
  const endless =
    'package a\n\ntest_endless if {\n\tsome i in numbers.range(1, 3000)\n\tsome j in numbers.range(1, 3000)\n\ti * j < 0\n}\n\ntest_short if true\n';

  it('end an evaluation that takes too long, and the instance lives on', async () => {
    const reactor = createReactor(module, {});
    const modules = { 'a.rego': endless };
    const start = performance.now();
    const answer = await reactor.call({ verb: 'eval', modules, query: 'data.a.test_endless', timeoutMs: 200 });
    expect(answer.problems).toMatchObject([{ code: 'eval_cancel_error' }]);
    expect(performance.now() - start).toBeLessThan(5000);
    expect((await reactor.call({ verb: 'version' })).ok).toBe(true);
    expect(reactor.starts()).toBe(1);
  });

  it.each([true, false])('end a test that takes too long and run the others (coverage: %s)', async (coverage) => {
    const request = { verb: 'test', modules: { 'a.rego': endless }, coverage, timeoutMs: 200 } as const;
    const { tests = [] } = await createReactor(module, {}).call(request);
    expect(tests.map(({ name, outcome }) => [name, outcome])).toEqual([
      ['test_endless', 'error'],
      ['test_short', 'pass'],
    ]);
  });

  it('discard an instance whose stack overflows, and start another', async () => {
    const reactor = createReactor(module, {});
    const deep = JSON.parse(`${'['.repeat(9000)}1${']'.repeat(9000)}`);
    await expect(reactor.call({ verb: 'eval', query: 'data.x', data: { x: deep } })).rejects.toThrow(/stack/);
    expect(reactor.starts()).toBe(1);
    expect(await reactor.call({ verb: 'version' })).toEqual({ ok: true, output: '1.22.0' });
    expect(reactor.starts()).toBe(2);
  });

  it('discard an instance that runs out of its 512 MiB, and say so', async () => {
    const reactor = createReactor(module, {});
    const input = 'a'.repeat(30_000);
    const request = { verb: 'eval', query: 'count(replace(input, "a", input))', input } as const;
    await expect(reactor.call(request)).rejects.toThrow(/out of memory/);
    expect((await reactor.call({ verb: 'version' })).ok).toBe(true);
  });

  it('do not keep an instance whose memory grew beyond the bound', async () => {
    const reactor = createReactor(module, {}, 1);
    await reactor.call({ verb: 'version' });
    await reactor.call({ verb: 'version' });
    expect(reactor.starts()).toBe(2);
  });
});
