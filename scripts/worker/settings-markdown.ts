// Writes the table of the Worker's settings as Markdown for docs/edge.md.
import { settingNames, settings } from '../../runtimes/worker/settings.ts';

const cell = (text: string): string => text.replaceAll('|', '\\|');

/** The table, one row a variable; what goes up as a secret says so. */
export const workerSettingsMarkdown = (): string => {
  const rows = settingNames.map((name) => {
    const { kind, fallback, help, secret } = settings[name];
    const shown = fallback === '' ? 'none' : `\`${fallback}\``;
    return `| \`${name}\` | ${shown} | ${cell(help)}${secret ? ' A secret.' : ''} Value: ${cell(kind.grammar)}. |`;
  });
  return ['| variable | default | meaning |', '|---|---|---|', ...rows].join('\n');
};
