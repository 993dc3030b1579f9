// Finds the known word that a mistyped one most likely stands for.

/** The number of letters to insert, delete or replace to make one word of the other (Levenshtein). */
const distance = (from: string, to: string): number => {
  let row = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (const [index, letter] of [...from].entries()) {
    const next = [index + 1];
    for (const [column, other] of [...to].entries()) {
      const replace = (row[column] ?? 0) + (letter === other ? 0 : 1);
      next.push(Math.min(replace, (row[column + 1] ?? 0) + 1, (next[column] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
};

/** The nearest known word, or `undefined` where none is near. Case does not count. */
export const nearest = (word: string, known: readonly string[]): string | undefined => {
  let best: { readonly word: string; readonly distance: number } | undefined;
  const typed = word.slice(0, 64).toLowerCase();
  for (const candidate of known) {
    const found = distance(typed, candidate.toLowerCase());
    if (
      found <= Math.max(2, Math.floor(candidate.length / 4)) &&
      found < (best?.distance ?? Number.POSITIVE_INFINITY)
    ) {
      best = { word: candidate, distance: found };
    }
  }
  return best?.word;
};

/** Writes `; did you mean X?` for the nearest known word, or nothing where none is near. */
export const nearMiss = (word: string, known: readonly string[]): string => {
  const near = nearest(word, known);
  return near === undefined ? '' : `; did you mean ${near}?`;
};
