// Runs one system's recorded cases against one face of podgraft, as tests.
import { afterAll, describe, expect, test } from 'vitest';
import type { AdmissionResponseReview } from '../../core/index.ts';
import { type Answer, type NormalisePod, ownAnswer, recordedAnswer } from './answer.ts';
import { type Difference, diff, readDifferences, unexpected } from './differences.ts';
import { type GoldenCase, readGoldenCases } from './golden-case.ts';

/** What a face of podgraft answers to a case: a review, or the HTTP status of a refusal. */
export type Reply = { readonly review: AdmissionResponseReview } | { readonly error: number };

/** A face of podgraft under test. */
export interface Face {
  readonly name: string;
  readonly ask: (golden: GoldenCase) => Promise<Reply>;
  /** Cases that this face cannot be asked, by what they are. */
  readonly takes?: (golden: GoldenCase) => boolean;
}

/** How the answers of one system are compared. */
export interface System {
  readonly name: string;
  readonly normalise: NormalisePod;
  /** Whether a case needs facts from outside the review; a face that cannot look is not asked it. */
  readonly needsFacts?: (golden: GoldenCase) => boolean;
  /** Cuts a message to the part that is the system's own; the rest comes from inside its libraries. */
  readonly messagePrefix: (message: string) => string;
}

/** Defines a test for each case, and one that the table of differences holds no unused entry. */
export const testCases = (system: System, face: Face): void => {
  describe(`${system.name}, asked through ${face.name}`, () => {
    const cases = readGoldenCases(system.name).filter(face.takes ?? (() => true));
    const table = readDifferences(system.name);
    const used = new Set<Difference>();

    test.each(cases)('$id', async (golden) => {
      const recorded = recordedAnswer(golden, system.normalise);
      const reply = await face.ask(golden);
      const actual: Answer =
        'error' in reply ? { error: reply.error } : ownAnswer(golden, reply.review, system.normalise);
      const found = diff(withPrefix(recorded, system), withPrefix(actual, system));
      const rows = table.filter((row) => row.case === golden.id);
      expect(unexpected(found, rows, used)).toEqual([]);
    });

    afterAll(() => {
      const asked = new Set(cases.map(({ id }) => id));
      const unused = table.filter((row) => asked.has(row.case) && !used.has(row));
      expect(unused, 'entries of the table of differences that nothing needs').toEqual([]);
    });
  });
};

const withPrefix = (answer: Answer, { messagePrefix }: System): Answer =>
  answer.message === undefined ? answer : { ...answer, message: messagePrefix(answer.message) };
