import type { KnownBy } from '../decision.js';
import { daysApart, isFrontPage, sameSecond, type EntryKeys, type KeyedEntry } from '../entry-keys.js';
import type { Entry } from '../post.js';
import { slugNumbers, slugOf } from '../slug.js';
import { isTelling, textContained, wordCount } from '../texts-alike.js';
import { titlesAlike, titleShare } from '../titles-alike.js';
import { has, type KnownEntry, type Match } from './known-entry.js';
import { isNameless, isTwin, TELLING_TITLE_LENGTH, TWIN_DAYS } from './twin.js';

/** A sign that more entries of one feed share says nothing, and would cost quadratic time to look through. */
const MOST_SHARING = 25;
/** An entry that a rebuilt site dates anew and edits as well; next year's edition comes later. */
const REPUBLISHED_DAYS = 60;
/** So many words are not written twice; fewer come back with the next edition. */
const WHOLE_TEXT_WORDS = 20;

/** Share of the shorter text from which one is the other, edited. */
const MOSTLY = 0.6;

/** An entry of the document with the stored entries that it may be, the surest first. */
export interface Candidate<Ref> {
  readonly entry: Entry;
  readonly keys: EntryKeys;
  /** Two independent signs agree. */
  readonly sure: readonly Match<Ref>[];
  /** The same title and text under another address, whether the first still stands beside it or not. */
  readonly twins: readonly Match<Ref>[];
  /** One sign, which is enough where nobody resembles the stored entry more and it is gone from the document. */
  readonly likely: readonly Match<Ref>[];
  /** Its title alone, which no other stored entry bears: enough where most of a document changed in the same way. */
  readonly titled: readonly Match<Ref>[];
}

export type ByKey<Ref> = ReadonlyMap<string, readonly KnownEntry<Ref>[]>;

export function byKeyOf<Ref>(known: readonly KnownEntry<Ref>[]): ByKey<Ref> {
  const byKey = new Map<string, KnownEntry<Ref>[]>();
  for (const one of known) {
    for (const key of one.keys) {
      const sharing = byKey.get(key);
      if (sharing) sharing.push(one);
      else byKey.set(key, [one]);
    }
  }
  return byKey;
}

/** Yields between steps. */
export function* candidateOf<Ref>(keyed: KeyedEntry, byKey: ByKey<Ref>): Generator<void, Candidate<Ref>> {
  const having = (key: Buffer | null): readonly KnownEntry<Ref>[] => {
    const sharing = (key && byKey.get(key.toString('hex'))) ?? [];
    return sharing.length <= MOST_SHARING ? sharing : [];
  };
  const { entry, keys } = keyed;
  const byTitle = having(keys.title);
  yield;
  const sure = sureOf(keyed, having);
  yield;
  const twins = matches(
    'twin',
    byTitle.filter((one) => isTwin(entry, one)),
  );
  yield;
  const likely = [...likelyByKey(keyed, having), ...likelyByTitle(entry, byTitle)];
  const titled = matches('rebuilt', byTitle.length === 1 ? byTitle : []);
  return { entry, keys, sure, twins, likely, titled };
}

type Having<Ref> = (key: Buffer | null) => readonly KnownEntry<Ref>[];

function sureOf<Ref>({ entry, keys }: KeyedEntry, having: Having<Ref>): Match<Ref>[] {
  const [byGuid, byLink] = [having(keys.guid), having(keys.link)];
  const atFront = isFrontPage(entry.link);
  const agrees = (one: KnownEntry<Ref>): boolean =>
    has(one, keys.title) ||
    has(one, keys.content) ||
    titlesAlike(one.title, entry.title) ||
    sameSecond(one.publishedAt, entry.publishedAt);
  return [
    ...matches('guid+link', atFront ? [] : byGuid.filter((one) => byLink.includes(one))),
    // A missing title cannot contradict a guid.
    ...matches(
      'guid',
      byGuid.filter(
        (one) => one.title === '' || entry.title === '' || agrees(one) || textContained(entry, one) >= MOSTLY,
      ),
    ),
    ...matches('link', byLink.filter(atFront ? (one) => has(one, keys.title) : agrees)),
    ...matches(
      'path+date',
      having(keys.path).filter((one) => sameSecond(one.publishedAt, entry.publishedAt)),
    ),
    ...matches('content', isNameless(entry) ? having(keys.content) : []),
  ];
}

/** Share of their words from which two titles of one text may be one, edited. */
const RELATED_TITLES = 0.3;

function likelyByKey<Ref>({ entry, keys }: KeyedEntry, having: Having<Ref>): Match<Ref>[] {
  const byLink = having(keys.link);
  // A link that several entries share, or a site's front page, names no article. Without a guid the link is all there
  // is; with one, a reused link under a new guid and title is a new article.
  const linkNames = entry.guid === null && byLink.length === 1 && !isFrontPage(entry.link);
  return [
    ...matches('only-link', linkNames ? byLink : []),
    ...matches('title+date', having(keys.titleDate)),
    ...matches(
      'text+date',
      having(keys.textDate).filter((one) => titleShare(one.title, entry.title) >= RELATED_TITLES),
    ),
    ...matches('title+text', rewritten(entry, having(keys.content))),
  ];
}

/** The same title and text under a new address and date. */
function rewritten<Ref>(entry: Entry, byContent: readonly KnownEntry<Ref>[]): readonly KnownEntry<Ref>[] {
  const [only] = byContent;
  if (!only || byContent.length > 1) return [];
  const comesBack = wordCount(entry) < WHOLE_TEXT_WORDS;
  if (comesBack && daysApart(entry.publishedAt, only.publishedAt) > REPUBLISHED_DAYS) return [];
  const oneSlug = slugOf(entry.link) !== '' && slugOf(entry.link) === slugOf(only.link);
  return oneSlug || (isTelling(entry) && slugNumbers(entry.link) === slugNumbers(only.link)) ? byContent : [];
}

/** A title that several stored entries bear is a series' name. */
function likelyByTitle<Ref>(entry: Entry, byTitle: readonly KnownEntry<Ref>[]): Match<Ref>[] {
  const [only] = byTitle;
  if (!only || byTitle.length > 1) return [];
  if (isNameless(entry) && entry.publishedAt === null) return matches('title', byTitle);
  return isRedated(entry, only) ? matches('redated', byTitle) : [];
}

function isRedated(entry: Entry, one: KnownEntry<unknown>): boolean {
  if (!one.publishedAt || !entry.publishedAt || entry.title.length < TELLING_TITLE_LENGTH) return false;
  const days = daysApart(one.publishedAt, entry.publishedAt);
  if (days <= TWIN_DAYS) return true;
  return (
    days <= REPUBLISHED_DAYS && slugNumbers(entry.link) === slugNumbers(one.link) && textContained(entry, one) >= MOSTLY
  );
}

function matches<Ref>(by: KnownBy, found: readonly KnownEntry<Ref>[]): Match<Ref>[] {
  return found.map((one) => ({ one, by, isCopy: false }));
}
