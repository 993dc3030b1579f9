// Writes the table of settings for `--help`.
import { flagOf, settingKeys, settings } from './settings.ts';

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
