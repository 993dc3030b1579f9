// Writes the table of settings for `--help`, and as Markdown for the documents.
import { environmentNameOf, flagOf, settingKeys, settings } from './settings.ts';

const COLUMN = 34;
const WIDTH = 100;

const wrap = (text: string, width: number): readonly string[] => {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  return [...lines, line];
};

/** The lines of `--help` for all settings. */
export const settingsHelp = (): string =>
  settingKeys
    .map((key) => {
      const { help, fallback, placeholder } = settings[key];
      const flag = `  ${flagOf(key)} ${placeholder}`;
      const text = fallback === '' ? help : `${help} Default: ${fallback}.`;
      const [first = '', ...rest] = wrap(text, WIDTH - COLUMN);
      const indent = ' '.repeat(COLUMN);
      const head = flag.length + 2 > COLUMN ? `${flag}\n${indent}${first}` : flag.padEnd(COLUMN) + first;
      return [head, ...rest.map((line) => indent + line)].join('\n');
    })
    .join('\n');

/** The table of settings as Markdown. */
export const settingsMarkdown = (): string => {
  const cell = (text: string): string => text.replaceAll('|', '\\|');
  const rows = settingKeys.map((key) => {
    const { help, fallback, kind, inFile } = settings[key];
    const names = [flagOf(key), environmentNameOf(key), ...(inFile ? [`server.${key}`] : [])];
    const shown = fallback === '' ? 'none' : `\`${fallback}\``;
    return `| ${names.map((name) => `\`${name}\``).join('<br>')} | ${shown} | ${cell(help)} Value: ${cell(kind.grammar)}. |`;
  });
  return ['| flag, environment variable, key in the file | default | meaning |', '|---|---|---|', ...rows].join('\n');
};
