// Writes values as JSON, every number with the digits of its source.
import { Fault } from '../../core/errors.ts';
import { ExactNumber } from './exact-number.ts';

/** `JSON.rawJSON`, which TypeScript's library does not know yet ([proposal](https://github.com/tc39/proposal-json-parse-with-source)). */
const { rawJSON } = JSON as unknown as { readonly rawJSON: (text: string) => unknown };

/**
 * Writes a value as JSON.
 *
 * @param indent what stands before each level; absent: everything on one line
 * @throws {Fault} `manifest.number` for what YAML has and JSON has not
 */
export const writeJson = (value: unknown, indent?: string | number): string =>
  JSON.stringify(
    value,
    (key, member: unknown) => {
      if (typeof member === 'number' && !Number.isFinite(member)) {
        throw new Fault('manifest.number', `the value of "${key}" is no number that JSON has`);
      }
      return member instanceof ExactNumber ? rawJSON(member.digits) : member;
    },
    indent,
  );
