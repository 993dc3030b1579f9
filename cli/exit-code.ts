// The exit codes of every verb.

/** What a process may end with; help texts show these sentences. */
export const exitCodes = {
  ok: { code: 0, sentence: 'All went well.' },
  failed: {
    code: 1,
    sentence: 'Something is wrong with an input, a configuration or a policy; no manifest was written.',
  },
  usage: { code: 2, sentence: 'The command line is wrong.' },
  denied: { code: 3, sentence: 'A pod was denied; no manifest was written.' },
} as const;

/** Writes the table of exit codes for `--help`. */
export const exitCodesHelp = (): string =>
  ['Exit codes:', ...Object.values(exitCodes).map(({ code, sentence }) => `  ${code}  ${sentence}`)].join('\n');
