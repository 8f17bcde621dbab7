import { plainForms } from '../plain-forms.js';
import { countedWords, wordsOf } from './words.js';

/** Typographic characters whose entity lost its "&#" and ";" on the way: "Don8217t", "March 3 8211 March 9". */
const BROKEN_ENTITY = /8(?:21[12]|21[678]|22[012]|230|243)(?!\d)/g;
/** "v3.0", "3/5" and "584:2020" are "v30", "35" and "5842020" in titles that were made of an address. */
const BETWEEN_DIGITS = /(?<=\d)[^\p{L}\p{N}\s](?=\d)/gu;

const ORDINALS: ReadonlyMap<string, string> = new Map(
  ['one i first', 'two ii second', 'three iii third', 'four iv fourth', 'five v fifth', 'six vi sixth'].flatMap(
    (line, index) => line.split(' ').map((word): [string, string] => [word, String(index + 1)]),
  ),
);
const MONTH =
  /^(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)$/;
const WEEKDAY = /^(?:mon|tues|wednes|thurs|fri|satur|sun)day$/;

export interface TitleWords {
  readonly words: ReadonlySet<string>;
  /** How many words it has; a character of a script without spaces is half a word. */
  readonly length: number;
  /** What tells articles of a series apart: digits, small numbers as words, months, weekdays. */
  readonly numbers: ReadonlySet<string>;
}

export function titleWordsOf(title: string): TitleWords {
  const words = wordsOf(mended(title));
  return { words: new Set(words), length: countedWords(words), numbers: new Set(words.flatMap(numbersIn)) };
}

const ASIDE = /\([^()]*\)|\[[^[\]]*\]/g;
const SEPARATOR = /\s[-–—|·•»«/]+\s|:\s/u;

/** A title by which others are looked up: all of it, and its longest part, without a site's name, a kicker or an aside. */
export function titleCores(title: string): readonly string[] {
  const plain = mended(title);
  const parts = plain.replace(ASIDE, ' ').split(SEPARATOR).map(joined);
  const longest = parts.reduce((long, part) => (part.length > long.length ? part : long), '');
  return [...new Set([joined(plain), longest])].filter((core) => core !== '');
}

function mended(title: string): string {
  return plainForms(title).replace(BROKEN_ENTITY, ' ').replace(BETWEEN_DIGITS, '');
}

function joined(text: string): string {
  return wordsOf(text).join(' ');
}

function numbersIn(word: string): readonly string[] {
  const digits = word.match(/\p{N}+/gu);
  if (digits) return digits.map((each) => each.replace(/^0+(?=\d)/, ''));
  if (MONTH.test(word) || WEEKDAY.test(word)) return [word.slice(0, 3)];
  const ordinal = ORDINALS.get(word);
  return ordinal === undefined ? [] : [ordinal];
}
