// Writes a migrated configuration as a file for people: the notes first, as comments.
import { isObject, type JsonObject, own } from '../../core/json.ts';
import { emitBlock } from '../inject/emit.ts';
import type { MigrationNote } from './vault-k8s.ts';

/** An API server sends no credentials unless it is told to, and none of the originals asked for any. */
const OPEN = { authentication: 'off' };

/** Writes a configuration file with its notes; the title says whose settings they were. */
export const formatConfiguration = (
  configuration: JsonObject,
  notes: readonly MigrationNote[],
  title: string,
): string => {
  const head = [
    `The settings of a ${title}, for podgraft. What is not here is as it was by default.`,
    'With authentication off, whoever reaches podgraft may ask it; docs/authentication.md says what else there is.',
    ...(notes.length === 0 ? [] : ['', 'What has no counterpart, or differs:']),
    ...notes.map(({ setting, message }) => `- ${setting}: ${message}`),
  ];
  // A setting's name comes from the manifest: a line break in it must not end the comment.
  const comments = head.map((line) => `# ${line.replaceAll(/[\p{Cc}\u2028\u2029]/gu, ' ')}`.trimEnd());
  const { apiVersion = '', kind = '', ...sections } = configuration;
  const server = own(sections, 'server');
  const whole = { apiVersion, kind, ...sections, server: { ...OPEN, ...(isObject(server) ? server : {}) } };
  const { policy, ...others } = whole as JsonObject;
  return [...comments, ...emitBlock({ ...others, ...(policy === undefined ? {} : { policy }) }, true), ''].join('\n');
};
