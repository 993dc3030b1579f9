// The log: what is in a line, and what can never be.
import { describe, expect, it } from 'vitest';
import { Fault } from '../../../core/errors.ts';
import type { ReviewEvent } from '../../../core/http/app.ts';
import { createLog, createLogReview, type Log } from '../../../runtimes/node/log.ts';
import { reviewBody } from './https-client.ts';
import { type StandIn, standInInjector } from './stand-in-injector.ts';

const BUNDLE = 'sha256:abc';
const SECRET = 'hunter2-swordfish';

const logReview = (log: Log, event: ReviewEvent, bundle: string): void => createLogReview(log, () => 0)(event, bundle);

const collect = (level: Parameters<typeof createLog>[0] = 'info') => {
  const lines: string[] = [];
  const log = createLog(level, { write: (line) => lines.push(line) });
  return { log, lines, records: () => lines.map((line) => JSON.parse(line) as Record<string, unknown>) };
};

const reviewed = async (standIn: StandIn): Promise<ReviewEvent> => ({
  review: await standInInjector(standIn).review(new TextEncoder().encode(reviewBody('uid-1'))),
  status: 200,
  milliseconds: 1.23456,
});

describe('a review', () => {
  it('is one line with a closed list of fields', async () => {
    const { log, records } = collect();
    logReview(log, await reviewed({}), BUNDLE);
    expect(records()).toEqual([
      {
        level: 'info',
        time: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
        uid: 'uid-1',
        namespace: 'shop',
        name: 'web',
        operation: 'CREATE',
        outcome: 'skipped',
        codes: ['stand_in/nothing'],
        operations: 0,
        steps: { decode: 0.012, decide: 1, lookup: 0, render: 2, graft: 3, respond: 4 },
        ms: 1.235,
        bundle: BUNDLE,
        msg: 'review',
      },
    ]);
  });

  it('of a pod that gets its name later is told by generateName', async () => {
    const { log, records } = collect();
    logReview(log, await reviewed({ request: { name: '', generateName: 'web-5f-' } }), BUNDLE);
    expect(records()[0]).toMatchObject({ generateName: 'web-5f-' });
    expect(records()[0]).not.toHaveProperty('name');
  });

  it('stays one short line, whatever names the caller chose', async () => {
    const { log, lines } = collect();
    const name = '","level":"error"\n{"forged":true}\r\n\u2028\0'.padEnd(1_000_000, 'x');
    logReview(log, await reviewed({ request: { name, namespace: name, operation: name, uid: name } }), BUNDLE);
    expect(lines).toHaveLength(1);
    expect(lines[0]?.trimEnd()).not.toMatch(/[\r\n]/);
    expect(lines[0]?.length).toBeLessThan(3000);
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ level: 'info', msg: 'review' });
  });

  it('never shows what is grafted', async () => {
    const { log, lines } = collect('trace');
    const value = [{ name: 'TOKEN', value: SECRET }];
    const operations = [
      {
        operation: { op: 'add' as const, path: `/metadata/annotations/${SECRET}`, value },
        source: { system: 'a', template: 'b', file: 'c', line: 1, column: 1 },
      },
    ];
    logReview(log, await reviewed({ review: { operations: operations as never } }), BUNDLE);
    expect(lines.join('')).not.toContain(SECRET);
    expect(lines.join('')).toContain('"operations":1');
  });

  it('is not logged above its level', async () => {
    const { log, lines } = collect('warn');
    logReview(log, await reviewed({}), BUNDLE);
    expect(lines).toEqual([]);
  });
});

describe('a fault', () => {
  const quoting = (() => {
    try {
      return JSON.parse(SECRET) as Error;
    } catch (thrown) {
      return thrown as Error;
    }
  })();

  it('of the caller is a warning with its reason', () => {
    const { log, records } = collect();
    const fault = new Fault('review.invalid', '/request/uid is missing', { at: { pointer: '/request/uid' } });
    logReview(log, { fault, status: 400, milliseconds: 1 }, BUNDLE);
    expect(records()[0]).toMatchObject({
      level: 'warn',
      msg: 'request refused',
      code: 'review.invalid',
      reason: '/request/uid is missing',
      at: { pointer: '/request/uid' },
      status: 400,
      bundle: BUNDLE,
    });
  });

  it('of ours is an error with its place and frames', () => {
    const { log, records } = collect();
    const fault = new Fault('template.parameter', 'x', { at: { file: 't.yaml', line: 3 }, cause: new Error('y') });
    logReview(log, { fault, status: 500, milliseconds: 1 }, BUNDLE);
    expect(records()[0]).toMatchObject({ level: 'error', code: 'template.parameter', at: { file: 't.yaml', line: 3 } });
    expect(records()[0]?.['frames']).toContainEqual(expect.stringContaining('log.test.ts'));
  });

  it('of ours says what it means, and which review it was', () => {
    const { log, records } = collect();
    const about = { uid: 'u', namespace: 'x'.repeat(1000), generateName: 'web-' };
    const fault = new Fault('policy.evaluate', SECRET, { about });
    logReview(log, { fault, status: 500, milliseconds: 1 }, BUNDLE);
    logReview(log, { fault: new Fault('new.code', SECRET), status: 500, milliseconds: 1 }, BUNDLE);
    expect(records()[0]).toMatchObject({
      reason: expect.stringMatching(/^the policy failed on this pod: .*policyMemory/),
      uid: 'u',
      namespace: `${'x'.repeat(253)}…`,
      generateName: 'web-',
    });
    expect(records()[1]).toMatchObject({ reason: 'podgraft could not review this request' });
    expect(JSON.stringify(records())).not.toContain(SECRET);
  });

  it('never repeats the words of a library, which quote the body', () => {
    expect(quoting.message).toContain(SECRET.slice(0, 5));
    const { log, lines } = collect('trace');
    const inner = new Fault('internal', quoting.message, { cause: quoting });
    const multiline = new Error(`first\n    at ${SECRET}\n${SECRET}`);
    for (const [code, cause] of [
      ['internal', quoting],
      ['policy.evaluate', inner],
      ['template.parameter', multiline],
    ] as const) {
      logReview(
        log,
        { fault: new Fault(code, `bad value ${SECRET}`, { cause }), status: 500, milliseconds: 1 },
        BUNDLE,
      );
    }
    logReview(
      log,
      { fault: new Fault('review.json', 'no JSON', { cause: quoting }), status: 400, milliseconds: 1 },
      BUNDLE,
    );
    expect(lines).toHaveLength(4);
    expect(lines.join('')).not.toContain(SECRET.slice(0, 7));
  });
});
