import { describe, expect, test } from 'vitest';
import { parseDecision } from '../../../core/policy/parse-decision.ts';

const injection = { system: 's', template: 't', parameters: {}, reason: 'r' };

describe('parseDecision', () => {
  test('fills in what a decision leaves out', () => {
    expect(parseDecision({ injections: [injection] })).toEqual({
      injections: [{ ...injection, containerPatches: [], listens: [] }],
      lookups: [],
      denials: [],
      skips: [],
      warnings: [],
      audit: {},
    });
  });

  test('an undefined rule is a fault of its own, not an empty decision', () => {
    expect(() => parseDecision(undefined)).toThrow(expect.objectContaining({ code: 'policy.undefined' }));
  });

  test.each([
    [[], "the decision's value is not an object"],
    [{ injections: {} }, "the decision's /injections is not a list"],
    [{ injections: [{ ...injection, system: 1 }] }, "the decision's /injections/0/system is not a text"],
    [{ injections: [{ ...injection, parameters: [] }] }, "the decision's /injections/0/parameters is not an object"],
    [{ denials: [{ system: 's', code: 'c' }] }, "the decision's /denials/0/message is not a text"],
    [{ skips: ['x'] }, "the decision's /skips/0 is not an object"],
    [{ warnings: [1] }, "the decision's /warnings/0 is not a text"],
    [{ audit: { a: 1 } }, "the decision's /audit/a is not a text"],
    [
      { injections: [{ ...injection, containerPatches: [{ container: 'c', operations: {}, denialPrefix: '' }] }] },
      "the decision's /injections/0/containerPatches/0/operations is not a list",
    ],
    [{ injections: [{ ...injection, listens: [0] }] }, "the decision's /injections/0/listens/0 is not a port"],
    [{ injections: [{ ...injection, listens: ['80'] }] }, "the decision's /injections/0/listens/0 is not a port"],
    [{ injections: [{ ...injection, listens: [65_536] }] }, "the decision's /injections/0/listens/0 is not a port"],
    [{ injections: [{ ...injection, listens: [80.5] }] }, "the decision's /injections/0/listens/0 is not a port"],
  ])('refuses %j', (value, message) => {
    expect(() => parseDecision(value)).toThrow(expect.objectContaining({ code: 'policy.decision', message }));
  });
});
