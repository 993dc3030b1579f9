// The steps over a folder of policies, each a function from sources to what is wrong with them.
import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Problem, ReactorAnswer } from '../../tools/opa/host.ts';
import { checkTemplates } from './check-templates.ts';
import { isTest, type PolicySources } from './sources.ts';
import type { Toolchain } from './toolchain.ts';

/** What a step found. No problems: it passed. */
export interface StepResult {
  readonly problems: readonly Problem[];
  /** A few words on what was done. */
  readonly summary: string;
}

/** What the core asks of a policy. */
export const ENTRYPOINTS = ['podgraft/decision', 'podgraft/configuration'] as const;

/** The code of a file that isn't formatted. */
export const NOT_FORMATTED = 'not_formatted';

/** Compares every file with its formatted text, or writes that. */
export const formatStep = async (
  toolchain: Toolchain,
  { folder, modules, capabilities }: PolicySources,
  write: boolean,
): Promise<StepResult> => {
  const { problems = [], files = {} } = await toolchain.call({ verb: 'fmt', modules, capabilities });
  const unformatted = Object.entries(files);
  if (write) {
    for (const [path, text] of unformatted) {
      writeFileSync(join(dirname(folder), path), text);
    }
    return { problems, summary: `${unformatted.length} of ${Object.keys(modules).length} files written` };
  }
  const found = unformatted.map(([path, text]) => ({
    code: NOT_FORMATTED,
    message: 'the file is not formatted; run: npm run policies -- --write',
    file: path,
    line: firstDifference(modules[path] ?? '', text),
  }));
  return { problems: [...problems, ...found], summary: `${Object.keys(modules).length} files` };
};

const firstDifference = (text: string, other: string): number => {
  const lines = text.split('\n');
  const others = other.split('\n');
  const index = lines.findIndex((line, at) => line !== others[at]);
  return (index === -1 ? Math.min(lines.length, others.length) : index) + 1;
};

/** Strict check with schemas and capabilities, tests included; and of the templates. */
export const checkStep = async (toolchain: Toolchain, sources: PolicySources): Promise<StepResult> => {
  const { modules, data, schemas, capabilities } = sources;
  const { problems = [] } = await toolchain.call({ verb: 'check', strict: true, modules, data, schemas, capabilities });
  return {
    problems: [...problems, ...checkTemplates(sources)],
    summary: `strict, ${Object.keys(schemas).length} schemas`,
  };
};

/** Compiles the policy without its tests. */
export const compilePolicy = (toolchain: Toolchain, sources: PolicySources): Promise<ReactorAnswer> => {
  const { modules, data, capabilities } = sources;
  const policy = Object.fromEntries(Object.entries(modules).filter(([path]) => !isTest(path)));
  return toolchain.call({ verb: 'build', modules: policy, data, capabilities, entrypoints: ENTRYPOINTS });
};
