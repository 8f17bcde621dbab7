import { foldedText } from './entry-keys.js';

/** Share of words in common from which two titles are an edit of each other. */
const ALIKE = 0.5;

/** May one title be an edit of the other? Two missing titles say nothing. */
export function titlesAlike(a: string, b: string): boolean {
  return titleShare(a, b) >= ALIKE && sameNumbers(wordsIn(a), wordsIn(b));
}

/** How many of the words of two titles both have: 0 to 1. */
export function titleShare(a: string, b: string): number {
  const [left, right] = [wordsIn(a), wordsIn(b)];
  const shared = [...left].filter((word) => right.has(word)).length;
  return shared === 0 ? 0 : shared / (left.size + right.size - shared);
}

/** "Release 1.2" and "Release 1.3", parts and years: a number tells articles of a series apart. */
function sameNumbers(left: ReadonlySet<string>, right: ReadonlySet<string>): boolean {
  const numbers = (words: ReadonlySet<string>) =>
    [...words]
      .filter((word) => /\d/.test(word))
      .sort((a, b) => (a < b ? -1 : 1))
      .join(' ');
  return numbers(left) === numbers(right);
}

function wordsIn(title: string): ReadonlySet<string> {
  return new Set(foldedText(title).split(' ').filter(Boolean));
}
