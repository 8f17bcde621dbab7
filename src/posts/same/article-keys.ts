import { createHash } from 'node:crypto';
import type { ArticleFeatures } from './features.js';
import { titleCores } from './title-words.js';
import { shinglesOf } from './words.js';

/** Beyond this a key costs more than it finds. */
export const MOST_KEYS = 10;
const FROM_OPENING = 3;
const FROM_TEXT = 4;
const OPENING_WORDS = 40;
/** Runs that are long enough to be rare; a run of characters needs more of them. */
const RUN_WORDS = 5;
const RUN_CHARACTERS = 9;

/**
 * Keys by which copies of an article find each other: its address, its title, and the least numbers among the runs of
 * words of its opening and of its text (a bottom-k MinHash sketch: two texts share one of them about as likely as they
 * share words). An excerpt shares the opening. 64-bit integers; at most `MOST_KEYS`. What shares a key is a candidate.
 */
export function articleKeys(title: string, { url, words, length }: ArticleFeatures): readonly bigint[] {
  const run = length < words.length * 0.75 ? RUN_CHARACTERS : RUN_WORDS;
  const named = [...(url === null ? [] : [addressKey(url)]), ...titleCores(title).map((core) => hash(`title ${core}`))];
  const opening = least(shinglesOf(words.slice(0, OPENING_WORDS), run), FROM_OPENING);
  const text = least(shinglesOf(words, run), FROM_TEXT);
  return [...new Set([...named, ...[...opening, ...text].map((each) => hash(`text ${String(each)}`))])];
}

/** Of an address as `articleUrl` spells it. */
export function addressKey(url: string): bigint {
  return hash(`link ${url}`);
}

function least(numbers: ReadonlySet<number>, count: number): readonly number[] {
  return [...numbers].sort((a, b) => a - b).slice(0, count);
}

function hash(text: string): bigint {
  return createHash('sha256').update(text).digest().readBigInt64BE();
}
