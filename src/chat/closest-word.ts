/** Longer words forgive more; in a word of three letters one change already makes another word. */
function forgiven(word: string): number {
  if (word.length <= 3) return 0;
  return word.length <= 5 ? 1 : 2;
}

/** The candidate that was probably meant: a slip or two away, or begun like this; null when nothing is near. */
export function closestWord(typed: string, candidates: readonly string[]): string | null {
  const wanted = typed.toLowerCase();
  const near = candidates
    .map((candidate) => ({ candidate, distance: editDistance(wanted, candidate.toLowerCase()) }))
    .filter(
      ({ candidate, distance }) =>
        distance <= Math.min(forgiven(wanted), forgiven(candidate)) || (distance === 1 && isSwap(wanted, candidate)),
    )
    .sort((a, b) => a.distance - b.distance);
  const begun = wanted.length >= 3 ? candidates.find((candidate) => candidate.toLowerCase().startsWith(wanted)) : null;
  return near[0]?.candidate ?? begun ?? null;
}

/** Longer than any name we offer; what is longer is no slip of one, and must not cost quadratic time. */
const LONGEST = 64;

/** Two letters in the wrong order are a slip in the shortest of words. */
function isSwap(one: string, other: string): boolean {
  const letters = (word: string) => Array.from(word.toLowerCase()).sort().join('');
  return one.length > 1 && letters(one) === letters(other);
}

/** Letters to insert, drop, change or swap with a neighbour (restricted Damerau–Levenshtein). */
export function editDistance(from: string, to: string): number {
  if (from.length > LONGEST || to.length > LONGEST) return from === to ? 0 : Infinity;
  const table = [Array.from({ length: to.length + 1 }, (_, column) => column)];
  const at = (row: number, column: number): number => table[row]?.[column] ?? Infinity;
  const swapped = (row: number, column: number): boolean =>
    row > 1 && column > 1 && from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1];

  for (let row = 1; row <= from.length; row += 1) {
    table[row] = [row];
    for (let column = 1; column <= to.length; column += 1) {
      const steps = [at(row - 1, column) + 1, at(row, column - 1) + 1];
      steps.push(at(row - 1, column - 1) + Number(from[row - 1] !== to[column - 1]));
      if (swapped(row, column)) steps.push(at(row - 2, column - 2) + 1);
      table[row]?.push(Math.min(...steps));
    }
  }
  return at(from.length, to.length);
}
