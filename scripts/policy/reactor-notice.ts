// Writes the licences of everything that is linked into the OPA reactor, as the Go command lists it.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { reactorFolder } from './reactor.ts';

const LICENCE_FILE = /^(licen[cs]e|notice|copying|patents)([-.].*)?$/i;
const OPA = 'github.com/open-policy-agent/opa';

const heading = `opa.wasm.br in this folder holds the following software, unchanged, compiled to WebAssembly.
Every policy that it compiles holds a part of it: the C and C++ code in the last sections.
This file is written by \`npm run opa:verify -- --write\`.
`;

interface LinkedPackage {
  /** Module path and version. */
  readonly module: string;
  readonly moduleFolder: string;
  readonly folder: string;
}

/**
 * Puts the notice together.
 *
 * @param env the environment that the reactor is built in
 */
export const composeNotice = (env: NodeJS.ProcessEnv): string => {
  const packages = listPackages(env);
  const opa = packages.find(({ module }) => module.startsWith(`${OPA} `));
  if (opa === undefined) {
    throw new Error('go list does not name OPA');
  }
  const sections = new Map<string, string>();
  const goRoot = run(['env', 'GOROOT'], env).trim();
  sections.set('Go and its standard library: LICENSE', readFileSync(join(goRoot, 'LICENSE'), 'utf8'));
  for (const { module, moduleFolder, folder } of packages) {
    for (const file of licenceFiles(moduleFolder, folder)) {
      sections.set(`${module}: ${relative(moduleFolder, file)}`, readFileSync(file, 'utf8'));
    }
  }
  const re2 = readFileSync(join(reactorFolder, 're2-license.txt'), 'utf8');
  sections.set('RE2, in the module that OPA compiles policies with', re2.replaceAll(/^\/\/ ?/gm, ''));
  for (const [file, text] of embeddedNotices(join(opa.moduleFolder, 'wasm/src'))) {
    sections.set(`${opa.module}: ${file}, in the module that OPA compiles policies with`, text);
  }
  return [heading, ...[...sections].map(([title, text]) => `${'='.repeat(80)}\n${title}\n\n${text.trim()}\n`)].join(
    '\n',
  );
};

const run = (args: readonly string[], env: NodeJS.ProcessEnv): string => {
  const done = spawnSync('go', args, { cwd: reactorFolder, env, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });
  if (done.status !== 0) {
    throw new Error(`go ${args.join(' ')} failed: ${done.stderr}`);
  }
  return done.stdout;
};

const listPackages = (env: NodeJS.ProcessEnv): readonly LinkedPackage[] => {
  const format = '{{with .Module}}{{if .Version}}{{.Path}} {{.Version}}\t{{.Dir}}\t{{end}}{{end}}{{.Dir}}';
  const lines = run(['list', '-deps', '-f', format, '.'], env).split('\n').sort();
  return lines.flatMap((line) => {
    const [module, moduleFolder, folder] = line.split('\t');
    // The standard library and our own package have no version.
    return module === undefined || moduleFolder === undefined || folder === undefined
      ? []
      : [{ module, moduleFolder, folder }];
  });
};

/** The licence files from a package's folder up to its module's. */
const licenceFiles = (moduleFolder: string, folder: string): readonly string[] => {
  const own = readdirSync(folder)
    .filter((name) => LICENCE_FILE.test(name))
    .map((name) => join(folder, name));
  return folder === moduleFolder ? own : [...own, ...licenceFiles(moduleFolder, dirname(folder))];
};

/** OPA's C and C++ sources come with their notices as comments. One of each kind is enough. */
const embeddedNotices = (folder: string): ReadonlyMap<string, string> => {
  const found = new Map<string, string>();
  const seen = new Set<string>();
  if (!existsSync(folder)) {
    throw new Error(`${folder} is missing`);
  }
  // Sorted, so that it is the same one everywhere.
  const paths = readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort();
  for (const path of paths.filter((candidate) => /\.(c|cc|h)$/.test(candidate))) {
    const notices = comments(readFileSync(join(folder, path), 'utf8')).filter((comment) => {
      const kind = comment.replaceAll(/[\d\s,-]/g, '');
      const isNew = /copyright/i.test(comment) && !/RE2 Authors/.test(comment) && !seen.has(kind);
      seen.add(kind);
      return isNew;
    });
    if (notices.length > 0) {
      found.set(`wasm/src/${path}`, notices.join('\n'));
    }
  }
  return found;
};

const comments = (source: string): readonly string[] =>
  (source.match(/\/\*[\s\S]*?\*\/|(?:^[ \t]*\/\/.*\n)+/gm) ?? []).map((comment) =>
    comment.replaceAll(/^\s*(\/\*+|\*+\/|\*|\/\/) ?|\s*\*+\/$/gm, ''),
  );
