import { COMPARED_LENGTH } from './same/features.js';
import { shinglesOf, wordsOf } from './same/words.js';

const RUN_WORDS = 3;
/** A shorter text says too little. */
const TELLING_WORDS = 8;

/** How much of the shorter text stands in the other, by runs of words: 0 to 1. Nothing is known of a few words. */
export function textContained(a: string, b: string): number {
  const [left, right] = [wordsOf(a.slice(0, COMPARED_LENGTH)), wordsOf(b.slice(0, COMPARED_LENGTH))];
  if (Math.min(left.length, right.length) < TELLING_WORDS) return 0;
  const [one, other] = [shinglesOf(left, RUN_WORDS), shinglesOf(right, RUN_WORDS)];
  const [smaller, larger] = one.size <= other.size ? [one, other] : [other, one];
  return [...smaller].filter((run) => larger.has(run)).length / smaller.size;
}

export function wordCount(text: string): number {
  return wordsOf(text.slice(0, COMPARED_LENGTH)).length;
}

export function isTelling(text: string): boolean {
  return wordCount(text) >= TELLING_WORDS;
}
