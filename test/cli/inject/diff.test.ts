// The unified diff of a manifest: it is one, and takes no longer than the text is long.
import { applyPatch } from 'diff';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatDiff } from '../../../cli/inject/diff.ts';
import { applyEdits, type Edit } from '../../../cli/inject/splice.ts';

const diff = (text: string, edits: readonly Edit[]): string => formatDiff('m.yaml', { text, edits }, { colour: false });

describe('a diff', () => {
  test('joins what is near, and parts what is not', () => {
    const text = Array.from({ length: 20 }, (_, index) => `line ${index}\n`).join('');
    const behind = (line: string): number => text.indexOf(line) + line.length;
    const edits = ['line 2\n', 'line 8\n', 'line 18\n'].map((line) => ({
      start: behind(line),
      end: behind(line),
      text: 'new\n',
    }));
    expect(diff(text, edits).match(/^@@.*$/gm)).toEqual(['@@ -1,12 +1,14 @@', '@@ -17,4 +19,5 @@']);
  });

  test('of a line that lacks its end says so', () => {
    expect(diff('a\nb', [{ start: 3, end: 3, text: '\nc' }])).toBe(
      '--- m.yaml\n+++ m.yaml (injected)\n@@ -1,2 +1,3 @@\n a\n-b\n\\ No newline at end of file\n+b\n+c\n\\ No newline at end of file\n',
    );
  });

  test('shows of a document that is written anew what differs', () => {
    const text = 'a: &x {b: 1}\nc: *x\nd: 2\n';
    const shown = diff(text, [{ start: 0, end: text.length, text: 'a:\n  b: 1\nc: *x\nd: 2\n' }]);
    expect(shown.split('\n').slice(3)).toEqual(['-a: &x {b: 1}', '+a:', '+  b: 1', ' c: *x', ' d: 2', '']);
  });

  test('makes of the old text the new one', () => {
    const line = fc.constantFrom('a', 'b', '', 'c d');
    const lines = fc.array(line, { maxLength: 12 });
    const text = fc.tuple(lines, fc.boolean()).map(([all, isEnded]) => all.join('\n') + (isEnded ? '\n' : ''));
    fc.assert(
      fc.property(text, fc.array(fc.tuple(fc.nat(40), fc.nat(6), text), { maxLength: 4 }), (old, wanted) => {
        const edits: Edit[] = [];
        for (const [gap, length, replacement] of wanted) {
          const start = Math.min((edits.at(-1)?.end ?? 0) + gap, old.length);
          edits.push({ start, end: Math.min(start + length, old.length), text: replacement });
        }
        const now = applyEdits(old, edits);
        const patch = diff(old, edits);
        expect(patch === '' ? old : applyPatch(old, patch)).toBe(now);
      }),
      { seed: 20_261_121, numRuns: 2000 },
    );
  });

  test('of 20,000 insertions takes no longer than the text is long', () => {
    const line = 'spec:\n';
    const text = line.repeat(60_000);
    const edits = Array.from({ length: 20_000 }, (_, index) => {
      const at = index * 3 * line.length;
      return { start: at, end: at, text: line.repeat(20) };
    });
    const began = performance.now();
    expect(diff(text, edits).match(/^\+spec:$/gm)).toHaveLength(400_000);
    expect(performance.now() - began).toBeLessThan(10_000);
  });
});
