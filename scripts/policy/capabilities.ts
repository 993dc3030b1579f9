// Makes policies/capabilities.json: what OPA and a compiled policy under opa-wasm both have, and agree on.
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { loadPolicy } from '@open-policy-agent/opa-wasm';
import { createToolchain, type Toolchain } from './toolchain.ts';

const help = `Usage: node scripts/policy/capabilities.ts [--write]

Compares policies/capabilities.json with what it has to be: OPA's builtins that are compiled into the policy itself
(found out by compiling a call of each), without those where the two evaluators differ, and podgraft's own.

  --write   write the file
  --help    this text

Exit codes: 0 the same; 1 not the same.`;

const file = join(import.meta.dirname, '../../policies/capabilities.json');

interface Builtin {
  readonly name: string;
  readonly decl: { readonly args?: readonly unknown[]; readonly result?: unknown; readonly type: 'function' };
}

interface Capabilities {
  readonly wasm_abi_versions?: readonly object[];
  readonly builtins: readonly Builtin[];
}

/** Compiled, these take JSON that OPA refuses (`24h`, `[01]`, `1 2`): `podgraft.parse_json` stands for them. */
const DIFFERENT = ['json.is_valid', 'json.unmarshal'];

/** The compiler puts calls of these where a policy says `:=`, `=` or `print`, or a test has cases. */
const FOR_THE_COMPILER = ['assign', 'eq', 'internal.print', 'internal.test_case'];

/** What @open-policy-agent/opa-wasm can load. */
const ABI_VERSIONS = [
  { version: 1, minor_version: 1 },
  { version: 1, minor_version: 2 },
];

const text = { type: 'string' } as const;

const answerOf = (name: string, value: object): Builtin['decl'] => ({
  type: 'function',
  args: [text],
  result: {
    type: 'object',
    static: [
      { key: 'error', value: text },
      { key: name, value },
    ],
  },
});

/** Implemented by core/policy/builtins.ts, for both evaluators. */
const OWN: readonly Builtin[] = [
  {
    name: 'podgraft.parse_duration',
    decl: answerOf('value', { type: 'any', of: [{ type: 'null' }, { type: 'number' }] }),
  },
  {
    name: 'podgraft.parse_float',
    decl: answerOf('value', { type: 'any', of: [{ type: 'null' }, { type: 'number' }, text] }),
  },
  { name: 'podgraft.parse_json', decl: answerOf('value', { type: 'any' }) },
  { name: 'podgraft.path_clean', decl: { type: 'function', args: [text], result: text } },
  { name: 'podgraft.quote', decl: { type: 'function', args: [text], result: text } },
];

/** Works the document out from this OPA's own. */
export const deriveCapabilities = async (toolchain: Toolchain): Promise<Capabilities> => {
  const { output } = await toolchain.call({ verb: 'capabilities' });
  const all = output as Capabilities;
  const native = await namesOfNative(toolchain, all);
  const kept = all.builtins.filter(
    ({ name }) => FOR_THE_COMPILER.includes(name) || (native.has(name) && !DIFFERENT.includes(name)),
  );
  return { ...all, wasm_abi_versions: ABI_VERSIONS, builtins: [...kept, ...OWN] };
};

/** Compiles one call of each builtin: what the module then asks its host for is not native. */
const namesOfNative = async (toolchain: Toolchain, capabilities: Capabilities): Promise<ReadonlySet<string>> => {
  const calls = new Map(capabilities.builtins.map((builtin) => [`${builtin.name}.rego`, callOf(builtin)]));
  await dropRefused(toolchain, calls);
  const entrypoints = [...calls.keys()].map((path) => `call/${path.replaceAll(/\W/g, '_')}`);
  const built = await toolchain.call({ verb: 'build', modules: Object.fromEntries(calls), entrypoints });
  if (built.wasm === undefined) {
    throw new Error(`the calls do not compile: ${JSON.stringify(built.problems)}`);
  }
  const imported = await importedBuiltins(built.wasm);
  return new Set([...calls.keys()].map((path) => path.slice(0, -'.rego'.length)).filter((name) => !imported.has(name)));
};

/** Takes away what is deprecated or no function at all; each stage of the compiler reports only its own findings. */
const dropRefused = async (toolchain: Toolchain, calls: Map<string, string>): Promise<void> => {
  for (;;) {
    const { problems = [] } = await toolchain.call({ verb: 'check', modules: Object.fromEntries(calls), strict: true });
    const refused = problems.flatMap(({ file: path }) => path ?? []);
    if (refused.length === 0) {
      return;
    }
    for (const path of refused) {
      calls.delete(path);
    }
  }
};

const callOf = ({ name, decl }: Builtin): string => {
  const args = (decl.args ?? []).map((_, index) => `input.a${index}`).join(', ');
  return `package call\n\n${`${name}_rego`.replaceAll(/\W/g, '_')} := ${name}(${args})\n`;
};

/** Reads the module's own list of what it imports; the SDK's types know neither the instance nor the list. */
const importedBuiltins = async (wasm: BufferSource): Promise<ReadonlySet<string>> => {
  const { wasmInstance, mem } = (await loadPolicy(wasm)) as unknown as {
    readonly wasmInstance: { readonly exports: Record<'builtins' | 'opa_json_dump', (at?: number) => number> };
    readonly mem: WebAssembly.Memory;
  };
  const at = wasmInstance.exports.opa_json_dump(wasmInstance.exports.builtins());
  const bytes = new Uint8Array(mem.buffer);
  const list = new TextDecoder().decode(bytes.subarray(at, bytes.indexOf(0, at)));
  return new Set(Object.keys(JSON.parse(list)));
};

const main = async (): Promise<number> => {
  const { values } = parseArgs({ options: { write: { type: 'boolean' }, help: { type: 'boolean' } } });
  if (values.help) {
    process.stdout.write(`${help}\n`);
    return 0;
  }
  const toolchain = createToolchain();
  const derived = JSON.stringify(await deriveCapabilities(toolchain));
  await toolchain.close();
  if (values.write) {
    writeFileSync(file, `${derived}\n`);
    return spawnSync('biome', ['format', '--write', file], { stdio: 'inherit' }).status ?? 1;
  }
  const same = JSON.stringify(JSON.parse(readFileSync(file, 'utf8'))) === derived;
  process.stdout.write(
    same
      ? 'capabilities.json is what it has to be\n'
      : 'policies/capabilities.json differs: node scripts/policy/capabilities.ts --write\n',
  );
  return same ? 0 : 1;
};

if (import.meta.main) {
  process.exitCode = await main();
}
