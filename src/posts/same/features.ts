import { daysApart, isFrontPage } from '../entry-keys.js';
import type { Post } from '../post.js';
import { articleUrl } from './article-url.js';
import { titleWordsOf, type TitleWords } from './title-words.js';
import { countedWords, shinglesOf, wordsOf } from './words.js';

/** What of a text is looked at: a copy is told by its beginning, and a long text must not cost more than a long article. */
export const COMPARED_LENGTH = 6_000;
const COMPARED_WORDS = 700;
const OPENING_WORDS = 30;
const SHINGLE_WORDS = 3;

export interface Article extends Pick<Post, 'title' | 'url' | 'text' | 'publishedAt'> {
  /** The address that its page wants to be known by, where that was fetched. */
  readonly canonicalUrl?: URL | null;
}

/** What one article is compared by. */
export interface ArticleFeatures {
  /** One spelling for all addresses of the article; null where there is none, or only a site's front page. */
  readonly url: string | null;
  readonly canonicalUrl: string | null;
  readonly site: string | null;
  readonly title: TitleWords;
  readonly publishedAt: Date | null;
  readonly words: readonly string[];
  readonly length: number;
  readonly shingles: ReadonlySet<number>;
  readonly opening: ReadonlySet<number>;
}

export function featuresOf({ title, url, text, publishedAt, canonicalUrl = null }: Article): ArticleFeatures {
  const words = wordsOf(text.slice(0, COMPARED_LENGTH)).slice(0, COMPARED_WORDS);
  const address = addressOf(url);
  return {
    url: address,
    canonicalUrl: addressOf(canonicalUrl),
    site: address === null ? null : new URL(address).host,
    title: titleWordsOf(title),
    publishedAt,
    words,
    length: countedWords(words),
    shingles: shinglesOf(words, SHINGLE_WORDS),
    opening: shinglesOf(words.slice(0, OPENING_WORDS), SHINGLE_WORDS),
  };
}

/** The same article under another title. */
export function retitled(features: ArticleFeatures, title: string): ArticleFeatures {
  return { ...features, title: titleWordsOf(title) };
}

function addressOf(url: URL | null): string | null {
  return url === null || isFrontPage(url) ? null : articleUrl(url);
}

/** How two articles compare; shares are from 0 to 1, and the same whichever comes first. */
export interface Comparison {
  readonly address: 'same' | 'other-of-site' | 'elsewhere';
  /** Share of words in common; at least `CONTAINED` where one has all of the other's three or more, else below that. */
  readonly title: number;
  /** Words of the shorter title. */
  readonly titleLength: number;
  /** Each title has a number that the other lacks; or one of them has. */
  readonly numbers: 'agree' | 'more' | 'clash';
  /** Of the runs of words of the shorter text. */
  readonly contained: number;
  /** Of the opening of one in the whole of the other. */
  readonly openingContained: number;
  /** Words of the shorter text. */
  readonly length: number;
  /** Infinity when a date is missing. */
  readonly daysApart: number;
}

export function compare(a: ArticleFeatures, b: ArticleFeatures): Comparison {
  return {
    address: addresses(a, b),
    title: titles(a.title, b.title),
    titleLength: Math.min(a.title.length, b.title.length),
    numbers: numbers(a.title, b.title),
    contained: share(shared(a.shingles, b.shingles), Math.min(a.shingles.size, b.shingles.size)),
    openingContained: Math.max(
      share(shared(a.opening, b.shingles), a.opening.size),
      share(shared(b.opening, a.shingles), b.opening.size),
    ),
    length: Math.min(a.length, b.length),
    daysApart: a.publishedAt && b.publishedAt ? daysApart(a.publishedAt, b.publishedAt) : Infinity,
  };
}

function addresses(a: ArticleFeatures, b: ArticleFeatures): Comparison['address'] {
  const own = [a.url, a.canonicalUrl].filter((url) => url !== null);
  if (own.some((url) => url === b.url || url === b.canonicalUrl)) return 'same';
  return a.site !== null && a.site === b.site ? 'other-of-site' : 'elsewhere';
}

/** As alike as a title and the same with a site's name added. */
export const CONTAINED = 0.75;
const CONTAINED_LENGTH = 3;

function titles(a: TitleWords, b: TitleWords): number {
  const both = shared(a.words, b.words);
  const alike = share(both, a.words.size + b.words.size - both);
  const isContained = both > 0 && both === Math.min(a.words.size, b.words.size);
  if (!isContained) return Math.min(alike, CONTAINED - 0.01);
  return Math.min(a.length, b.length) >= CONTAINED_LENGTH ? Math.max(alike, CONTAINED) : alike;
}

function numbers(a: TitleWords, b: TitleWords): Comparison['numbers'] {
  const both = shared(a.numbers, b.numbers);
  const [left, right] = [a.numbers.size - both, b.numbers.size - both];
  if (left > 0 && right > 0) return 'clash';
  return left + right > 0 ? 'more' : 'agree';
}

function shared<T>(a: ReadonlySet<T>, b: ReadonlySet<T>): number {
  const [small, large] = a.size <= b.size ? [a, b] : [b, a];
  let count = 0;
  for (const each of small) if (large.has(each)) count += 1;
  return count;
}

function share(part: number, whole: number): number {
  return whole > 0 ? part / whole : 0;
}
