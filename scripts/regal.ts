// `npm run policies:lint`: lints the policies with regal, compiled once from tools/regal.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { cacheRoot } from './cache-root.ts';
import { formatProblem } from './policy/report.ts';

const help = `Usage: npm run policies:lint [-- PATH…]

Lints the policies (policies) with regal. The rules and the reasons for those that are off: .regal/config.yaml.
The first run compiles regal with Go, which takes a minute or two; it is kept in \${PODGRAFT_CACHE} or ~/.cache/podgraft.

Exit codes: 0 nothing found, or no Go on a developer's machine; 1 something found; 2 wrong usage; 3 regal cannot be
built or run, or Go is missing and CI is set.`;

const root = join(import.meta.dirname, '..');
const moduleFolder = join(root, 'tools/regal');
const BUILD_LIMIT_MS = 10 * 60_000;
const LINT_LIMIT_MS = 2 * 60_000;

interface Violation {
  readonly title: string;
  readonly category: string;
  readonly description: string;
  readonly location: { readonly file: string; readonly row: number; readonly col: number };
}

const goEnvironment = (): NodeJS.ProcessEnv => ({ ...process.env, CGO_ENABLED: '0', GOFLAGS: '', GOWORK: 'off' });

/** The toolchain and target that Go would build for, or nothing where there is no Go. */
const findGo = (): string | undefined => {
  const asked = spawnSync('go', ['env', 'GOVERSION', 'GOOS', 'GOARCH'], {
    cwd: moduleFolder,
    env: goEnvironment(),
    encoding: 'utf8',
  });
  return asked.status === 0 ? asked.stdout.trim().replaceAll('\n', ' ') : undefined;
};

/** The compiled regal, in a folder named by everything that it is made of. */
const buildRegal = (toolchain: string): string => {
  const hash = createHash('sha256').update(toolchain);
  for (const file of ['go.mod', 'go.sum']) {
    hash.update(readFileSync(join(moduleFolder, file))).update('\0');
  }
  const program = join(cacheRoot(), `regal-${hash.digest('hex').slice(0, 16)}`, 'regal');
  if (existsSync(program)) {
    return program;
  }
  process.stderr.write(`policies:lint: compiling regal with ${toolchain}; a minute or two, once\n`);
  mkdirSync(dirname(program), { recursive: true });
  const unfinished = `${program}.${process.pid}`;
  const flags = ['-mod=readonly', '-trimpath', '-buildvcs=false', '-ldflags=-s -w', '-o', unfinished];
  const built = spawnSync('go', ['build', ...flags, 'github.com/open-policy-agent/regal'], {
    cwd: moduleFolder,
    env: goEnvironment(),
    stdio: ['ignore', 'inherit', 'inherit'],
    timeout: BUILD_LIMIT_MS,
  });
  if (built.status !== 0) {
    throw new Error('regal could not be compiled');
  }
  renameSync(unfinished, program);
  return program;
};

const lint = (program: string, paths: readonly string[]): readonly Violation[] => {
  const run = spawnSync(program, ['lint', '--format', 'json', ...paths], {
    cwd: root,
    encoding: 'utf8',
    timeout: LINT_LIMIT_MS,
    maxBuffer: 64 * 1024 * 1024,
  });
  if (run.status === null || !run.stdout.startsWith('{')) {
    throw new Error(`regal failed: ${run.error?.message ?? run.stderr}`);
  }
  return JSON.parse(run.stdout).violations ?? [];
};

const report = (violations: readonly Violation[]): number => {
  for (const { title, category, description, location } of violations) {
    const { file, row: line, col: column } = location;
    const code = `${category}/${title}`;
    process.stdout.write(`${formatProblem({ code, message: description, file, line, column })}\n`);
  }
  const count = violations.length === 0 ? 'nothing found' : `${violations.length} found`;
  process.stdout.write(`policies:lint: ${count}\n`);
  return violations.length === 0 ? 0 : 1;
};

const main = (): number => {
  const { values, positionals } = parseArgs({ options: { help: { type: 'boolean' } }, allowPositionals: true });
  if (values.help) {
    process.stdout.write(`${help}\n`);
    return 0;
  }
  const toolchain = findGo();
  if (toolchain === undefined) {
    const inCi = (process.env['CI'] ?? '') !== '';
    const then = inCi ? 'CI needs it' : 'install it to lint them';
    process.stderr.write(`policies:lint: Go (https://go.dev/dl/) is missing, the policies were NOT linted; ${then}\n`);
    return inCi ? 3 : 0;
  }
  return report(lint(buildRegal(toolchain), positionals.length === 0 ? ['policies'] : positionals));
};

try {
  process.exitCode = main();
} catch (thrown) {
  process.stderr.write(`policies:lint: ${thrown instanceof Error ? thrown.message : String(thrown)}\n`);
  process.exitCode = thrown instanceof Error && 'code' in thrown ? 2 : 3;
}
