import { COMPARED_LENGTH } from './same/features.js';
import { shinglesOf, wordsOf } from './same/words.js';

const RUN_WORDS = 3;
/** A shorter text says too little. */
const TELLING_WORDS = 8;

/** Whoever has a text: what it is compared by is worked out once for each, and forgotten with it. */
export interface Texted {
  readonly text: string;
}

interface Runs {
  readonly words: number;
  /** Ascending. */
  readonly numbers: Uint32Array;
}

const known = new WeakMap<Texted, Runs>();

/** How much of the shorter text stands in the other, by runs of words: 0 to 1. Nothing is known of a few words. */
export function textContained(a: Texted, b: Texted): number {
  const [one, other] = [runsOf(a), runsOf(b)];
  if (Math.min(one.words, other.words) < TELLING_WORDS) return 0;
  return shared(one.numbers, other.numbers) / Math.min(one.numbers.length, other.numbers.length);
}

export function wordCount(one: Texted): number {
  return runsOf(one).words;
}

export function isTelling(one: Texted): boolean {
  return wordCount(one) >= TELLING_WORDS;
}

function runsOf(one: Texted): Runs {
  const before = known.get(one);
  if (before) return before;
  const words = wordsOf(one.text.slice(0, COMPARED_LENGTH));
  const runs = { words: words.length, numbers: Uint32Array.from(shinglesOf(words, RUN_WORDS)).sort() };
  known.set(one, runs);
  return runs;
}

function shared(a: Uint32Array, b: Uint32Array): number {
  let count = 0;
  for (let [left, right] = [0, 0]; left < a.length && right < b.length;) {
    const difference = (a[left] ?? 0) - (b[right] ?? 0);
    if (difference === 0) count += 1;
    if (difference <= 0) left += 1;
    if (difference >= 0) right += 1;
  }
  return count;
}
