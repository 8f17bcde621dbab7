import { createHash } from 'node:crypto';
import { canonicalUrl } from './canonical-url.js';
import type { Entry } from './post.js';

/** Hashes by which an entry is known again; null where the entry lacks what they are made of. 16 bytes each. */
export interface EntryKeys {
  readonly guid: Buffer | null;
  readonly link: Buffer | null;
  readonly title: Buffer | null;
  /** Title and publication second together. */
  readonly titleDate: Buffer | null;
  /** Title and whole text. */
  readonly content: Buffer;
}

/** What is stored of an entry that a feed has shown before. */
export interface KnownEntry<Ref> {
  readonly ref: Ref;
  /** Every key it was ever seen with, as hex. */
  readonly keys: ReadonlySet<string>;
  readonly title: string;
  readonly publishedAt: Date | null;
}

export type Settled<Ref> =
  | { readonly kind: 'new'; readonly entry: Entry; readonly keys: EntryKeys }
  | {
      readonly kind: 'known';
      readonly entry: Entry;
      readonly keys: EntryKeys;
      readonly ref: Ref;
      /** Its guid or link is one it was never seen with: a rebuilt site, or an address that moved. */
      readonly renamed: boolean;
      /** Something that it is known by changed. */
      readonly stale: boolean;
    }
  /** A second copy of a new entry of this very document. */
  | { readonly kind: 'repeat'; readonly entry: Entry };

export function entryKeys(entry: Entry): EntryKeys {
  const title = foldedText(entry.title);
  return {
    guid: entry.guid ? hash('guid', entry.guid) : null,
    link: entry.link ? linkKey(entry.link) : null,
    title: title ? hash('title', title) : null,
    titleDate: title && entry.publishedAt ? hash('title-date', title, dateSecond(entry.publishedAt)) : null,
    content: hash('content', title, foldedText(entry.text)),
  };
}

/** The same for all spellings of one address, in every feed. */
export function linkKey(link: URL): Buffer {
  return hash('link', canonicalUrl(link));
}

/**
 * Which entries of a document the feed has shown before, whatever changed about them. A function of the entries alone,
 * never of their position. A stored entry that one entry resembles strongly is not given to another that resembles it
 * weakly, so two articles that share a guid, or a title and a date, stay two.
 */
export function settleEntries<Ref>(entries: readonly Entry[], known: readonly KnownEntry<Ref>[]): Settled<Ref>[] {
  const byKey = new Map<string, KnownEntry<Ref>[]>();
  for (const one of known) for (const key of one.keys) byKey.set(key, [...(byKey.get(key) ?? []), one]);

  const candidates = entries.map((entry) => candidateOf(entry, byKey));
  const taken = new Set(candidates.flatMap(({ strong }) => (strong ? [strong] : [])));
  const fresh = new Set<string>();
  return candidates.map(({ entry, keys, strong, weak }) => {
    const found = strong ?? weak.find((one) => !taken.has(one));
    if (found) {
      taken.add(found);
      const lacks = (key: Buffer | null) => key !== null && !found.keys.has(key.toString('hex'));
      const renamed = lacks(keys.guid) || lacks(keys.link);
      return { kind: 'known', entry, keys, ref: found.ref, renamed, stale: renamed || lacks(keys.titleDate) };
    }
    return isRepeat(entry, keys, fresh) ? { kind: 'repeat', entry } : { kind: 'new', entry, keys };
  });
}

interface Candidate<Ref> {
  readonly entry: Entry;
  readonly keys: EntryKeys;
  /** Two independent signs agree. */
  readonly strong: KnownEntry<Ref> | undefined;
  /** One sign, the surest first. */
  readonly weak: readonly KnownEntry<Ref>[];
}

function candidateOf<Ref>(entry: Entry, byKey: ReadonlyMap<string, readonly KnownEntry<Ref>[]>): Candidate<Ref> {
  const keys = entryKeys(entry);
  const having = (key: Buffer | null) => (key ? (byKey.get(key.toString('hex')) ?? []) : []);
  const byGuid = having(keys.guid);
  const byLink = having(keys.link);
  const byTitleDate = having(keys.titleDate);
  // A link that several entries share, or a site's front page, names no article.
  const linkNames = byLink.length === 1 && !isFrontPage(entry.link);
  const both = linkNames ? byGuid.find((one) => byLink.includes(one)) : undefined;
  const agrees = (one: KnownEntry<Ref>) =>
    titlesAlike(one.title, entry.title) || sameSecond(one.publishedAt, entry.publishedAt);
  return {
    entry,
    keys,
    strong: both ?? byGuid.find(agrees) ?? byLink.find(agrees),
    // Without a guid the link is all there is; with one, a reused link under a new guid and title is a new article.
    weak: [...(entry.guid === null && linkNames ? byLink : []), ...byTitleDate, ...redated(entry, having(keys.title))],
  };
}

/** A post whose date, link and guid all moved a little keeps its title. A title that comes back is a series' name. */
function redated<Ref>(entry: Entry, byTitle: readonly KnownEntry<Ref>[]): readonly KnownEntry<Ref>[] {
  const [only] = byTitle;
  if (!only?.publishedAt || !entry.publishedAt || byTitle.length > 1 || entry.title.length < TELLING_TITLE_LENGTH)
    return [];
  return daysApart(only.publishedAt, entry.publishedAt) <= REDATED_DAYS ? byTitle : [];
}

/** Notes a new entry's signs; true if an earlier new entry of the document had them already. */
function isRepeat(entry: Entry, keys: EntryKeys, fresh: Set<string>): boolean {
  const title = foldedText(entry.title);
  const signs = [
    keys.guid && keys.link ? `${keys.guid.toString('hex')} ${keys.link.toString('hex')}` : null,
    keys.link && title ? `${keys.link.toString('hex')} ${title}` : null,
    keys.guid && title ? `${keys.guid.toString('hex')} ${title}` : null,
  ].filter((sign) => sign !== null);
  const repeat = signs.some((sign) => fresh.has(sign));
  for (const sign of signs) fresh.add(sign);
  return repeat;
}

/** Is an entry that is new to its feed an article that another feed has brought? */
export function sameArticle(
  entry: Entry,
  other: { readonly title: string; readonly publishedAt: Date | null; readonly via: 'link' | 'content' },
): boolean {
  if (other.via === 'link')
    return titlesAlike(entry.title, other.title) || sameSecond(entry.publishedAt, other.publishedAt);
  return daysApart(entry.publishedAt, other.publishedAt) <= CONTENT_WINDOW_DAYS;
}

/** Keys by which an article is looked for across feeds. A short text under a common title says too little. */
export function articleKeys(
  entry: Entry,
  keys: EntryKeys,
): { readonly link: Buffer | null; readonly content: Buffer | null } {
  return {
    link: isFrontPage(entry.link) ? null : keys.link,
    content: wordCount(entry.text) >= MIN_CONTENT_WORDS ? keys.content : null,
  };
}

const MIN_CONTENT_WORDS = 30;
/** Series repeat a template word for word every week; a copy in another feed comes within days. */
const CONTENT_WINDOW_DAYS = 3;
/** Share of words in common from which two titles are an edit of each other. */
const ALIKE = 0.5;
/** A date corrected after publication moves by days; the next post of a series comes later, while the last still stands. */
const REDATED_DAYS = 10;
const TELLING_TITLE_LENGTH = 12;
const DAY_MS = 86_400_000;

function titlesAlike(a: string, b: string): boolean {
  const left = new Set(foldedText(a).split(' '));
  const right = new Set(foldedText(b).split(' '));
  const shared = [...left].filter((word) => right.has(word)).length;
  return shared > 0 && shared / (left.size + right.size - shared) >= ALIKE && sameNumbers(left, right);
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

function foldedText(text: string): string {
  return (
    text
      .normalize('NFKC')
      .toLowerCase()
      .match(/[\p{L}\p{M}\p{N}]+/gu) ?? []
  ).join(' ');
}

function isFrontPage(link: URL | null): boolean {
  return link?.pathname === '/' && link.search === '';
}

function wordCount(text: string): number {
  return text.split(/\s+/u).length;
}

function sameSecond(a: Date | null, b: Date | null): boolean {
  return a !== null && b !== null && dateSecond(a) === dateSecond(b);
}

function daysApart(a: Date | null, b: Date | null): number {
  return a && b ? Math.abs(a.getTime() - b.getTime()) / DAY_MS : 0;
}

function dateSecond(date: Date): string {
  return String(Math.floor(date.getTime() / 1000));
}

function hash(...parts: readonly string[]): Buffer {
  return createHash('sha256').update(parts.join('\u0000')).digest().subarray(0, 16);
}
