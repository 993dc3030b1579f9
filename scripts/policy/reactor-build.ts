// Rebuilds the OPA reactor from tools/opa and compares it with the committed one, or writes it anew.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { brotliCompressSync, constants } from 'node:zlib';
import { digestFile, reactorFile, reactorFolder, readDigests } from './reactor.ts';
import { composeNotice } from './reactor-notice.ts';
import { limitMemory } from './wasm-memory.ts';

const help = `Usage: npm run opa:verify [-- --write]

Builds the OPA reactor (tools/opa) with the Go toolchain that its go.mod names and compares the sha256 of the result
with tools/opa/opa.wasm.br.sha256. Takes about half a minute, several with an empty Go cache.

  --write   write tools/opa/opa.wasm.br, its digests and NOTICE anew (compressing takes a minute or two)
  --help    this text

Exit codes: 0 the same, or no Go on a developer's machine; 1 not the same, the build failed, or no Go and CI is set.`;

/** 512 MiB, in pages of 64 KiB: without a maximum, a runaway evaluation takes 4 GiB. */
const MAX_MEMORY_PAGES = 8192;

const noticeFile = join(reactorFolder, 'NOTICE');

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

const hasGo = (): boolean => spawnSync('go', ['version'], { stdio: 'ignore' }).status === 0;

const pinnedToolchain = (): string => {
  const version = /^toolchain (go\S+)$/m.exec(readFileSync(join(reactorFolder, 'go.mod'), 'utf8'))?.[1];
  if (version === undefined) {
    throw new Error('tools/opa/go.mod has no toolchain line');
  }
  return version;
};

/** Everything that could change a byte of the output is set here, whatever the machine's own settings are. */
const goEnvironment = (): NodeJS.ProcessEnv => ({
  ...process.env,
  GOTOOLCHAIN: pinnedToolchain(),
  GOOS: 'wasip1',
  GOARCH: 'wasm',
  GOWASM: '',
  GOFLAGS: '-mod=readonly',
  GOEXPERIMENT: '',
  GOWORK: 'off',
  CGO_ENABLED: '0',
});

const buildReactor = (): Buffer<ArrayBuffer> => {
  const folder = mkdtempSync(join(tmpdir(), 'podgraft-opa-'));
  try {
    const output = join(folder, 'opa.wasm');
    const flags = ['-trimpath', '-buildvcs=false', '-ldflags=-s -w', '-buildmode=c-shared', '-o', output];
    const built = spawnSync('go', ['build', ...flags, '.'], {
      cwd: reactorFolder,
      env: goEnvironment(),
      stdio: ['ignore', 'inherit', 'inherit'],
      timeout: 15 * 60_000,
    });
    if (built.status !== 0) {
      throw new Error('go build failed, or took more than 15 minutes');
    }
    return limitMemory(readFileSync(output), MAX_MEMORY_PAGES);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

const write = (wasm: Buffer): void => {
  const compressed = brotliCompressSync(wasm, {
    params: {
      [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
      [constants.BROTLI_PARAM_LARGE_WINDOW]: 1,
      [constants.BROTLI_PARAM_LGWIN]: 26,
      [constants.BROTLI_PARAM_SIZE_HINT]: wasm.length,
    },
  });
  writeFileSync(reactorFile, compressed);
  writeFileSync(digestFile, `${sha256(wasm)}  opa.wasm\n${sha256(compressed)}  opa.wasm.br\n`);
  writeFileSync(noticeFile, composeNotice(goEnvironment()));
  process.stdout.write(`opa:verify: wrote ${reactorFile} (${wasm.length} bytes, ${compressed.length} compressed)\n`);
};

const compare = (wasm: Buffer): boolean => {
  const digests = readDigests();
  const compressed = sha256(readFileSync(reactorFile));
  if (compressed !== digests.compressed) {
    process.stderr.write(
      `opa:verify: opa.wasm.br has sha256 ${compressed}, its digest file says ${digests.compressed}\n`,
    );
    return false;
  }
  const built = sha256(wasm);
  if (built !== digests.raw) {
    process.stderr.write(
      `opa:verify: the rebuilt reactor has sha256 ${built}, the committed one ${digests.raw}.\n` +
        'If tools/opa was changed on purpose, run: npm run opa:verify -- --write\n',
    );
    return false;
  }
  if (readFileSync(noticeFile, 'utf8') !== composeNotice(goEnvironment())) {
    process.stderr.write('opa:verify: tools/opa/NOTICE is out of date; run: npm run opa:verify -- --write\n');
    return false;
  }
  process.stdout.write(`opa:verify: the reactor is what its source builds (sha256 ${built})\n`);
  return true;
};

const main = (): number => {
  const { values } = parseArgs({ options: { write: { type: 'boolean' }, help: { type: 'boolean' } } });
  if (values.help) {
    process.stdout.write(`${help}\n`);
    return 0;
  }
  if (!hasGo()) {
    const inCi = (process.env['CI'] ?? '') !== '';
    process.stderr.write(
      `opa:verify: Go is missing, so the reactor was NOT rebuilt and compared. ${inCi ? 'CI needs' : 'To do it, install'} Go (https://go.dev/dl/).\n`,
    );
    return inCi || values.write ? 1 : 0;
  }
  const wasm = buildReactor();
  if (values.write) {
    write(wasm);
    return 0;
  }
  return compare(wasm) ? 0 : 1;
};

try {
  process.exitCode = main();
} catch (thrown) {
  process.stderr.write(`opa:verify: ${thrown instanceof Error ? thrown.message : String(thrown)}\n`);
  process.exitCode = 1;
}
