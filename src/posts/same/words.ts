import { plainForms } from '../plain-forms.js';

/** Scripts that are written without spaces: each character counts as a word. */
const UNSPACED =
  '[\\p{Script=Han}\\p{Script=Hiragana}\\p{Script=Katakana}\\p{Script=Thai}\\p{Script=Lao}\\p{Script=Khmer}\\p{Script=Myanmar}]';
const WORD = new RegExp(`${UNSPACED}\\p{M}*|(?:(?!${UNSPACED})[\\p{L}\\p{M}\\p{N}])+`, 'gu');
const STARTS_UNSPACED = new RegExp(`^${UNSPACED}`, 'u');

/** "Don't" is one word, and "Dont" in a title that was made of an address. */
const APOSTROPHE = /(?<=\p{L})['’](?=\p{L})/gu;

/** The words of a text in their order, in any script: no case, no punctuation. */
export function wordsOf(text: string): readonly string[] {
  return plainForms(text).toLowerCase().replace(APOSTROPHE, '').match(WORD) ?? [];
}

/** How many words a reader would count: a word of Chinese has about two characters. */
export function countedWords(words: readonly string[]): number {
  return words.reduce((sum, word) => sum + (STARTS_UNSPACED.test(word) ? 0.5 : 1), 0);
}

/** Every run of `length` words, as numbers from 0 to 2^32 − 1, in order. A text shorter than that is one run. */
export function shinglesOf(words: readonly string[], length: number): ReadonlySet<number> {
  const hashes = words.map(hashOf);
  const run = Math.min(length, hashes.length);
  const shingles = new Set<number>();
  for (let at = 0; run > 0 && at + run <= hashes.length; at += 1) shingles.add(combined(hashes, at, at + run));
  return shingles;
}

const { imul } = Math;
const OFFSET = 0x811c9dc5;
const PRIME = 0x01000193;

/** FNV-1a: the same on every machine. */
function hashOf(word: string): number {
  let hash = OFFSET;
  for (let index = 0; index < word.length; index += 1) hash = imul(hash ^ word.charCodeAt(index), PRIME);
  return mixed(hash);
}

function combined(hashes: readonly number[], from: number, to: number): number {
  let hash = OFFSET;
  for (let at = from; at < to; at += 1) hash = mixed(imul(hash, PRIME) ^ (hashes[at] ?? 0));
  return hash >>> 0;
}

/** As MurmurHash3 ends: each bit in changes about half of those out. */
function mixed(hash: number): number {
  const once = imul(hash ^ (hash >>> 16), 0x85ebca6b);
  const twice = imul(once ^ (once >>> 13), 0xc2b2ae35);
  return twice ^ (twice >>> 16);
}
