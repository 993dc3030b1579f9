// Says on stderr what became of the pods of a manifest, and gives the exit code.
import { createColors } from 'picocolors';
import type { Injector } from '../../core/injector.ts';
import type { Review } from '../../core/review.ts';
import { exitCodes } from '../exit-code.ts';
import type { Terminal } from '../terminal.ts';
import { reportError } from '../verb.ts';
import type { Result } from './format.ts';
import type { ReviewedWorkload } from './inject-manifest.ts';
import { findUnreadWorkloads } from './unread-workload.ts';
import { workloadKinds } from './workload.ts';

/** What a report goes by. */
export interface Reporting {
  /** Whether nothing is said of what is left alone. */
  readonly quiet: boolean;
  readonly injector: Pick<Injector, 'sentence'>;
  readonly terminal: Pick<Terminal, 'stderr' | 'colour'>;
}

type Injected = Pick<Result, 'manifest' | 'injected'>;

/** Reports on the manifests of one file. */
export const reportFile = (file: string, results: readonly Injected[], reporting: Reporting): number => {
  const workloads = results.flatMap(({ injected }) => injected.workloads);
  if (!reporting.quiet) {
    const unread = results.flatMap(unreadNotes);
    const isEmpty = workloads.length === 0 && unread.length === 0;
    for (const line of isEmpty ? [`${file}: there is no pod in it, so it passes through as it is`] : unread) {
      say(reporting, line);
    }
  }
  return worst(workloads.map((reviewed) => reportOne(reviewed, file, reporting)));
};

/** The code of the worst that happened. */
export const worst = (codes: readonly number[]): number =>
  [exitCodes.failed.code, exitCodes.denied.code].find((code) => codes.includes(code)) ?? exitCodes.ok.code;

const unreadNotes = ({ manifest }: Injected): readonly string[] =>
  manifest.documents.flatMap(({ value, lineOf }) =>
    findUnreadWorkloads(value).map(({ kind, apiVersion, name, path }) => {
      const what = printable(`${kind || '(no kind)'} ${name || '(no name)'} of ${apiVersion || '(no apiVersion)'}`);
      return (
        `${manifest.file}:${lineOf(path)}: ${what} passes through as it is: inject knows the pods of ` +
        `${workloadKinds.join(', ')}. The webhook sees any pod when it is created.`
      );
    }),
  );

const reportOne = (reviewed: ReviewedWorkload, file: string, reporting: Reporting): number => {
  const { result, line, workload, namespace } = reviewed;
  if ('fault' in result) {
    reportError(result.fault, reporting.terminal);
    return exitCodes.failed.code;
  }
  const {
    response: { response },
    outcome,
    codes,
  } = result.review;
  const subject = printable(`${file}:${line}: ${workload.kind} ${namespace}/${workload.name || '(no name)'}`);
  for (const warning of response.warnings ?? []) {
    say(reporting, `${subject}: warning: ${printable(warning)}`);
  }
  if (outcome === 'denied') {
    const { red } = createColors(reporting.terminal.colour.stderr);
    say(reporting, red(`${subject} is denied: ${printable(response.status?.message ?? '')} ${inBrackets(codes)}`));
    return exitCodes.denied.code;
  }
  if (outcome !== 'injected' && !reporting.quiet) {
    say(reporting, `${subject} is left alone: ${whyNot(codes, reporting.injector)}`);
  }
  return exitCodes.ok.code;
};

/** The sentences, each with its codes: several systems may have the same. */
const whyNot = (codes: Review['codes'], { sentence }: Reporting['injector']): string =>
  [...Map.groupBy(codes, ({ system, code }) => sentence(system, code) ?? '')]
    .map(([said, group]) => `${said.replace(/\.$/, '')} ${inBrackets(group)}`.trimStart())
    .join('; ');

const inBrackets = (codes: Review['codes']): string =>
  `(${[...new Set(codes.map(({ system, code }) => `${system}/${code}`))].join(', ')})`;

/** What a manifest says may hold escape sequences; a terminal would obey them. */
export const printable = (text: string): string =>
  text.replace(/\p{Cc}/gu, (character) => (character === '\n' ? '\\n' : '\ufffd'));

const say = ({ terminal }: Reporting, line: string): void => void terminal.stderr.write(`${line}\n`);
