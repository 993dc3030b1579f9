// What of the refusals goes to the log.
import { expect, it } from 'vitest';
import { Fault } from '../../core/errors.ts';
import type { ReviewEvent } from '../../core/http/app.ts';
import { createSelectEvent } from '../../runtimes/select-event.ts';

const refusal = (code: string, status = 401): ReviewEvent => ({ fault: new Fault(code, ''), status, milliseconds: 0 });

it('is one of a reason in ten seconds, with how many went unsaid', () => {
  let now = 0;
  const select = createSelectEvent(() => now);
  expect(select(refusal('auth.token'))).toEqual({ unsaid: 0 });
  expect(select(refusal('auth.missing'))).toEqual({ unsaid: 0 });
  for (let count = 0; count < 7; count += 1) {
    now += 1000;
    expect(select(refusal('auth.token'))).toBeUndefined();
  }
  now = 9_999;
  expect(select(refusal('auth.token'))).toBeUndefined();
  now = 10_000;
  expect(select(refusal('auth.token'))).toEqual({ unsaid: 8 });
  expect(select(refusal('auth.missing'))).toEqual({ unsaid: 0 });
  now = 20_000;
  expect(select(refusal('auth.token'))).toEqual({ unsaid: 0 });
});

it('is everything but refusals', () => {
  const select = createSelectEvent(() => 0);
  for (let count = 0; count < 3; count += 1) {
    expect(select(refusal('review.json', 400))).toEqual({ unsaid: 0 });
    expect(select(refusal('internal', 500))).toEqual({ unsaid: 0 });
  }
});
