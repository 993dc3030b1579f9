// Facts in a file: read and replayed, noted and written.
import { Fault, type Place, toError } from '../../core/errors.ts';
import { isObject, type JsonValue, own } from '../../core/json.ts';
import type { Fact, FindFacts } from '../../core/policy/facts.ts';
import { parseYaml } from '../../core/template/parse.ts';
import type { Input } from '../input.ts';
import { writeWhole } from '../write-whole.ts';
import { emitBlock } from './emit.ts';

/** Facts by the keys of their lookups. */
export type RecordedFacts = ReadonlyMap<string, Fact>;

/**
 * Reads recorded facts: a map in YAML or JSON, of the keys of lookups to what was found.
 *
 * @throws {Fault} `facts.yaml` and `facts.invalid`, with the line
 */
export const parseFacts = ({ text, file }: Input): RecordedFacts => {
  const { value, placeOf } = parseYaml(text, file, 'facts');
  if (!isObject(value)) {
    throw new Fault('facts.invalid', 'the file is not a map of keys to facts', { at: placeOf([]) });
  }
  return new Map(Object.entries(value).map(([key, fact]) => [key, checkFact(fact, placeOf([key]))]));
};

const checkFact = (fact: JsonValue, at: Place): Fact => {
  const error = isObject(fact) ? own(fact, 'error') : undefined;
  const isError = isObject(error) && ['code', 'message'].every((key) => typeof own(error, key) === 'string');
  if (!isObject(fact) || (error !== undefined && !isError)) {
    throw new Fault('facts.invalid', 'a fact is a map, or an error with code and message', { at });
  }
  return fact;
};

/**
 * Finds facts among the recorded ones first.
 *
 * @param others where the rest is found; absent: a lookup that was not recorded is a fault
 */
export const replayFacts =
  (recorded: RecordedFacts, file: string, others: FindFacts | undefined): FindFacts =>
  async (lookups, context) => {
    const missing = lookups.filter(({ key }) => !recorded.has(key));
    const [first] = missing;
    if (first !== undefined && others === undefined) {
      throw new Fault('facts.unknown', `the policy asks for "${first.key}", and ${file} does not hold it`);
    }
    const found = first === undefined ? {} : await others?.(missing, context);
    const known = lookups.flatMap(({ key }) => {
      const fact = recorded.get(key);
      return fact === undefined ? [] : [[key, fact] as const];
    });
    return { ...found, ...Object.fromEntries(known) };
  };

/** What was found, to be written. */
export interface Recording {
  readonly find: FindFacts;
  /** @throws {Fault} `facts.record` */
  readonly write: (file: string) => Promise<void>;
}

/** Notes what is found. */
export const recordFacts = (find: FindFacts): Recording => {
  const noted = new Map<string, Fact>();
  return {
    find: async (lookups, context) => {
      const facts = await find(lookups, context);
      for (const [key, fact] of Object.entries(facts)) {
        note(noted, key, fact);
      }
      return facts;
    },
    write: async (file) => {
      const sorted = [...noted].sort(([one], [other]) => Number(one > other) - Number(one < other));
      const lines = emitBlock(Object.fromEntries(sorted), true);
      try {
        await writeWhole(file, `# Facts, recorded by podgraft inject --record-facts.\n${lines.join('\n')}\n`);
      } catch (thrown) {
        const why = (thrown as NodeJS.ErrnoException).code ?? toError(thrown).message;
        throw new Fault('facts.record', `the facts cannot be written (${why})`, { at: { file }, cause: thrown });
      }
    },
  };
};

/** Keys name no namespace, so pods of two namespaces may mean different things by one. */
const note = (noted: Map<string, Fact>, key: string, fact: Fact): void => {
  const before = noted.get(key);
  if (before !== undefined && JSON.stringify(before) !== JSON.stringify(fact)) {
    throw new Fault('facts.record', `"${key}" has two answers; record the pods of each namespace by themselves`);
  }
  noted.set(key, fact);
};
