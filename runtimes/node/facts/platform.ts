// Platforms of images: how they are written, and which entry of an index is meant.
import { isObject, type JsonValue, own } from '../../../core/json.ts';

/** An operating system and a processor. */
export interface Platform {
  readonly os: string;
  readonly architecture: string;
  readonly variant: string;
}

/** Reads `linux/arm64` or `linux/arm/v6`; `undefined` for anything else. */
export const parsePlatform = (text: string): Platform | undefined => {
  const [, os, architecture, variant = ''] = /^([a-z0-9]+)\/([a-z0-9_]+)(?:\/([a-z0-9.]+))?$/.exec(text) ?? [];
  return os === undefined || architecture === undefined ? undefined : normalise({ os, architecture, variant });
};

/** Writes a platform as {@link parsePlatform} reads it. */
export const formatPlatform = ({ os, architecture, variant }: Platform): string =>
  [os, architecture, ...(variant === '' ? [] : [variant])].join('/');

/** Variants that mean the same ([containerd](https://github.com/containerd/platforms/blob/main/database.go)). */
const normalise = (platform: Platform): Platform => {
  const { architecture, variant } = platform;
  if (architecture === 'arm' && variant === '') {
    return { ...platform, variant: 'v7' };
  }
  const usual = { arm64: 'v8', amd64: 'v1' };
  return own(usual, architecture) === variant ? { ...platform, variant: '' } : platform;
};

/** Tells whether an entry of an index is for a platform. An entry that does not say is for none. */
export const isFor = (entry: JsonValue, wanted: Platform): boolean => {
  const platform = isObject(entry) ? own(entry, 'platform') : undefined;
  if (!isObject(platform)) {
    return false;
  }
  const [os, architecture, variant = ''] = ['os', 'architecture', 'variant'].map((key) => own(platform, key));
  if (typeof os !== 'string' || typeof architecture !== 'string' || typeof variant !== 'string') {
    return false;
  }
  return formatPlatform(normalise({ os, architecture, variant })) === formatPlatform(wanted);
};
