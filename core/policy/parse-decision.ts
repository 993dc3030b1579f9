// Checks that what the policy answered is a decision.
import { Fault } from '../errors.ts';
import { isObject, type JsonObject, type JsonValue, own } from '../json.ts';
import type { ContainerPatch, Decision, Denial, Injection, Lookup, Skip } from './decision.ts';

/**
 * Takes the value of `podgraft/decision` as a decision.
 *
 * @throws {Fault} `policy.undefined` when the rule gave nothing, `policy.decision` when it gave something else
 */
export const parseDecision = (value: JsonValue | undefined): Decision => {
  if (value === undefined) {
    throw new Fault('policy.undefined', 'the policy has no rule podgraft/decision, or gives it no value');
  }
  if (!isObject(value)) {
    throw wrong('', 'an object');
  }
  return {
    injections: list(value, 'injections', injection),
    lookups: list(value, 'lookups', lookup),
    denials: list(value, 'denials', denial),
    skips: list(value, 'skips', skip),
    warnings: list(value, 'warnings', textAt),
    audit: audit(own(value, 'audit')),
  };
};

const wrong = (pointer: string, expected: string): Fault =>
  new Fault('policy.decision', `the decision's ${pointer === '' ? 'value' : pointer} is not ${expected}`, {
    at: { pointer },
  });

const list = <T>(value: JsonObject, key: string, read: (item: JsonValue, at: string) => T, at = ''): readonly T[] => {
  const items = own(value, key) ?? [];
  if (!Array.isArray(items)) {
    throw wrong(`${at}/${key}`, 'a list');
  }
  return items.map((item: JsonValue, index) => read(item, `${at}/${key}/${index}`));
};

const objectAt = (value: JsonValue | undefined, at: string): JsonObject => {
  if (!isObject(value)) {
    throw wrong(at, 'an object');
  }
  return value;
};

const textAt = (value: JsonValue | undefined, at: string): string => {
  if (typeof value !== 'string') {
    throw wrong(at, 'a text');
  }
  return value;
};

const lookup = (value: JsonValue, at: string): Lookup => {
  const item = objectAt(value, at);
  return { ...item, key: textAt(own(item, 'key'), `${at}/key`), kind: textAt(own(item, 'kind'), `${at}/kind`) };
};

const injection = (value: JsonValue, at: string): Injection => {
  const item = objectAt(value, at);
  return {
    system: textAt(own(item, 'system'), `${at}/system`),
    template: textAt(own(item, 'template'), `${at}/template`),
    parameters: objectAt(own(item, 'parameters'), `${at}/parameters`),
    reason: textAt(own(item, 'reason'), `${at}/reason`),
    containerPatches: list(item, 'containerPatches', containerPatch, at),
    listens: list(item, 'listens', portAt, at),
  };
};

const portAt = (value: JsonValue, at: string): number => {
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 1 || value > 65_535) {
    throw wrong(at, 'a port');
  }
  return value;
};

const containerPatch = (value: JsonValue, at: string): ContainerPatch => {
  const item = objectAt(value, at);
  return {
    container: textAt(own(item, 'container'), `${at}/container`),
    operations: list(item, 'operations', (operation) => operation, at),
    denialPrefix: textAt(own(item, 'denialPrefix'), `${at}/denialPrefix`),
  };
};

const denial = (value: JsonValue, at: string): Denial => {
  const item = objectAt(value, at);
  return { ...skip(item, at), message: textAt(own(item, 'message'), `${at}/message`) };
};

const skip = (value: JsonValue, at: string): Skip => {
  const item = objectAt(value, at);
  return { system: textAt(own(item, 'system'), `${at}/system`), code: textAt(own(item, 'code'), `${at}/code`) };
};

const audit = (value: JsonValue | undefined): Decision['audit'] => {
  const entries = Object.entries(objectAt(value ?? {}, '/audit'));
  return Object.fromEntries(entries.map(([key, entry]) => [key, textAt(entry, `/audit/${key}`)]));
};
