// Writes the tables of settings as Markdown: that of Node for docs/configuration.md, that of the Worker for docs/edge.md.
import { environmentNameOf, flagOf, settingKeys, settings } from '../runtimes/node/settings.ts';
import { settingNames, settings as workerSettings } from '../runtimes/worker/settings.ts';

/** A row of either table. */
interface Row {
  readonly names: readonly string[];
  /** Empty: none. */
  readonly fallback: string;
  readonly meaning: string;
  readonly grammar: string;
}

const code = (text: string): string => `\`${text}\``;

const writeRow = ({ names, fallback, meaning, grammar }: Row): string => {
  const shown = fallback === '' ? 'none' : code(fallback);
  const told = `${meaning} Value: ${grammar}.`.replaceAll('|', '\\|');
  return `| ${names.map(code).join('<br>')} | ${shown} | ${told} |`;
};

const writeTable = (names: string, rows: readonly Row[]): string =>
  [`| ${names} | default | meaning |`, '|---|---|---|', ...rows.map(writeRow)].join('\n');

/** The table of the Node runtime. */
export const settingsMarkdown = (): string =>
  writeTable(
    'flag, environment variable, key in the file',
    settingKeys.map((key) => {
      const { help, fallback, kind, inFile } = settings[key];
      const names = [flagOf(key), environmentNameOf(key), ...(inFile ? [`server.${key}`] : [])];
      return { names, fallback, meaning: help, grammar: kind.grammar };
    }),
  );

/** The table of the Worker; what goes up as a secret says so. */
export const workerSettingsMarkdown = (): string =>
  writeTable(
    'variable',
    settingNames.map((name) => {
      const { kind, fallback, help, secret } = workerSettings[name];
      return { names: [name], fallback, meaning: secret ? `${help} A secret.` : help, grammar: kind.grammar };
    }),
  );
