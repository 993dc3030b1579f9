// Shows two versions of a text as a unified diff.
import { createTwoFilesPatch, FILE_HEADERS_ONLY } from 'diff';
import { createColors } from 'picocolors';

/** Writes a unified diff; empty where nothing differs. */
export const formatDiff = (
  file: string,
  { before, after, colour }: { readonly before: string; readonly after: string; readonly colour: boolean },
): string => {
  if (before === after) {
    return '';
  }
  const patch = createTwoFilesPatch(file, `${file} (injected)`, before, after, undefined, undefined, {
    context: 3,
    headerOptions: FILE_HEADERS_ONLY,
  });
  const colours = createColors(colour);
  const paint = (line: string): string => {
    if (line.startsWith('---') || line.startsWith('+++')) {
      return colours.bold(line);
    }
    switch (line[0]) {
      case '+':
        return colours.green(line);
      case '-':
        return colours.red(line);
      case '@':
        return colours.cyan(line);
      default:
        return line;
    }
  };
  return colour ? patch.split('\n').map(paint).join('\n') : patch;
};
