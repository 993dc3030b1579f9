// The form of a document that its hash is taken over, as Go and OPA write it.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { documentText } from '../../../core/bundle/document-text.ts';
import { faultOf } from '../../runtimes/node/fault-of.ts';

describe('documentText', () => {
  it.each([
    ['{"b": 1, "a": [true, null, "x"]}', '{"a":[true,null,"x"],"b":1}'],
    [' \n{ } ', '{}'],
    ['[ ]', '[]'],
    ['"x"', '"x"'],
    [
      '[1.0, 1e2, 1E+2, -0, 0.10, 123456789012345678901234567890]',
      '[1.0,1e2,1E+2,-0,0.10,123456789012345678901234567890]',
    ],
    ['{"a": 1, "a": {"x": 2}}', '{"a":{"x":2}}'],
    ['"<&>\\u2028\\u2029\\u007f\\u0001\\b\\f\\n\\/"', '"<&>\\u2028\\u2029\u007f\\u0001\\b\\f\\n/"'],
    ['{"\\u0061": "a\\\\\\"{[,:"}', '{"a":"a\\\\\\"{[,:"}'],
    // By bytes an emoji comes after U+FFFF, by UTF-16 before it.
    ['{"😀": 1, "\uffff": 2, "": 3, "a": 4, "aa": 5}', '{"":3,"a":4,"aa":5,"\uffff":2,"😀":1}'],
    ['{"__proto__": {"b": 1, "a": 2}, "constructor": 3}', '{"__proto__":{"a":2,"b":1},"constructor":3}'],
  ])('writes %s', (text, expected) => {
    expect(documentText(text)).toBe(expected);
  });

  it('says the same as the document, whatever that is, and is its own form', () => {
    fc.assert(
      fc.property(fc.jsonValue({ stringUnit: 'binary' }), fc.nat(4), (value, indent) => {
        fc.pre(JSON.stringify(value).isWellFormed() && !/\\ud[89a-f]/.test(JSON.stringify(value)));
        const text = documentText(JSON.stringify(value, null, indent));
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
        expect(documentText(text)).toBe(text);
      }),
      { numRuns: 500, seed: 14 },
    );
  });

  it.each(['', '{', '{"a" 1}', '[1,]', 'nul', '01', '{"a":1}{', '\ufeff{}'])('refuses %j', (text) => {
    expect(faultOf(() => documentText(text)).code).toBe('bundle.invalid');
  });

  it.each(['"\\ud800"', '{"\\udc00": 1}', '["\\ud800x"]'])('refuses %s, half of a pair', (text) => {
    expect(faultOf(() => documentText(text)).message).toContain('surrogate');
  });

  it('writes long texts and long lists', () => {
    const long = JSON.stringify({ a: 'x'.repeat(10_000_000), b: '\\"'.repeat(1_000_000), c: Array(200_000).fill(1) });
    expect(documentText(long) === long).toBe(true);
  });

  it('refuses what is nested deeper than any bundle', () => {
    const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);
    expect(documentText(nested(256))).toBe(nested(256));
    expect(faultOf(() => documentText(nested(257))).code).toBe('bundle.invalid');
    expect(faultOf(() => documentText('{"a":'.repeat(5000) + 1 + '}'.repeat(5000))).code).toBe('bundle.invalid');
  });
});
