// The kinds of value that settings about registries may have.
import { list, type SettingKind } from '../../setting-kind.ts';
import { type Platform, parsePlatform } from './platform.ts';
import { parseMirror, type RegistryMirror } from './registry-mirror.ts';

/** Hosts, separated by commas. */
export const hosts: SettingKind<readonly string[]> = {
  grammar: 'a list of hosts separated by commas, such as registry.example:5000, *.example.com or * for any',
  parse: (value) => {
    const found = list.parse(value);
    return found?.every((item) => /^(?:\*|(?:\*\.)?[\w.-]+(?::\d{1,5})?|\[[\da-fA-F:.]+\](?::\d{1,5})?)$/.test(item))
      ? found
      : undefined;
  },
};

/** Registries with what is asked in their place, each once. */
export const mirrors: SettingKind<readonly RegistryMirror[]> = {
  grammar: 'a list of REGISTRY=HOST or REGISTRY=HOST/PATH separated by commas, such as docker.io=mirror.example/hub',
  parse: (value) => {
    const items = list.parse(value) ?? [];
    const found = items.flatMap((item) => parseMirror(item) ?? []);
    const registries = new Set(found.map(({ of }) => of));
    return found.length > 0 && found.length === items.length && registries.size === items.length ? found : undefined;
  },
};

/** The platform of an image. */
export const platform: SettingKind<Platform> = {
  grammar: 'OS/ARCHITECTURE or OS/ARCHITECTURE/VARIANT, such as linux/amd64',
  parse: parsePlatform,
};
