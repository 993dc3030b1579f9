// Tells whether an answer is the recorded one, the deliberate differences aside.
import type { AdmissionResponseReview } from '../../core/index.ts';
import { type Answer, ownAnswer, recordedAnswer } from '../golden/answer.ts';
import { type Difference, diff, readDifferences, unexpected } from '../golden/differences.ts';
import type { System } from '../golden/run-cases.ts';
import type { PortableCase } from './suite-input.ts';

const tables = new Map<string, readonly Difference[]>();

const tableOf = (system: string): readonly Difference[] => {
  const table = tables.get(system) ?? readDifferences(system);
  tables.set(system, table);
  return table;
};

/** Compares an answer of the program with what the original injector answered. */
export const isAsRecorded = ({ golden, system: { system } }: PortableCase, text: string): boolean => {
  const recorded = recordedAnswer(golden, system.normalise);
  const actual: Answer = text.startsWith('{')
    ? ownAnswer(golden, JSON.parse(text) as AdmissionResponseReview, system.normalise)
    : { error: 400 };
  const rows = tableOf(system.name).filter((row) => row.case === golden.id);
  return unexpected(diff(withPrefix(recorded, system), withPrefix(actual, system)), rows, new Set()).length === 0;
};

const withPrefix = (answer: Answer, { messagePrefix }: System): Answer =>
  answer.message === undefined ? answer : { ...answer, message: messagePrefix(answer.message) };
