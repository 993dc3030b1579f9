// Finds the line of a manifest on which an injector's setting stands.
import { isObject, type JsonObject, own } from '../../core/json.ts';
import type { ManifestDocument, Path } from '../inject/manifest.ts';

/** A container, and where it stands. */
export interface PlacedContainer {
  readonly container: JsonObject;
  readonly path: Path;
  readonly document: Pick<ManifestDocument, 'lineOf'>;
}

/**
 * Finds the line of a variable (`NAME`), of an argument (`-flag`, or its value), or of a key of the container; the
 * container's own line where there is none of them. Of several the last counts, as it does for the injector.
 */
export const settingLine = ({ container, path, document }: PlacedContainer, setting: string): number => {
  const found = pathsOf(container)
    .filter(({ is }) => is(setting))
    .at(-1);
  return document.lineOf([...path, ...(found?.below ?? [])]);
};

interface Candidate {
  readonly below: Path;
  readonly is: (setting: string) => boolean;
}

const pathsOf = (container: JsonObject): readonly Candidate[] => [
  ...Object.keys(container).map((key) => ({ below: [key], is: (setting: string) => setting === key })),
  ...['command', 'args'].flatMap((list) =>
    itemsAt(container, list).map((arg, index) => ({
      below: [list, index],
      is: (setting: string) => typeof arg === 'string' && isSetting(arg, setting),
    })),
  ),
  ...itemsAt(container, 'env').map((variable, index) => ({
    below: ['env', index],
    is: (setting: string) => isObject(variable) && own(variable, 'name') === setting,
  })),
];

/** `-flag`, `--flag=value`, the value behind a flag; a flag is called by one dash. */
const isSetting = (arg: string, setting: string): boolean =>
  arg === setting ||
  arg.endsWith(`=${setting}`) ||
  (setting.startsWith('-') && arg.replace(/^--/, '-').split('=')[0] === setting);

const itemsAt = (container: JsonObject, key: string): readonly unknown[] => {
  const list = own(container, key);
  return Array.isArray(list) ? list : [];
};
