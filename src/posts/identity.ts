import type { KnownBy } from './decision.js';
import { daysApart, isFrontPage, sameSecond, type EntryKeys, type KeyedEntry } from './entry-keys.js';
import type { Entry } from './post.js';
import { titlesAlike } from './titles-alike.js';

/** A sign that more entries of one feed share says nothing, and would cost quadratic time to look through. */
const MOST_SHARING = 25;
/** A date corrected after publication moves by days; the next post of a series comes later, while the last still stands. */
const REDATED_DAYS = 10;
const TELLING_TITLE_LENGTH = 12;

/** What is stored of an entry that a feed has shown before. */
export interface KnownEntry<Ref> {
  readonly ref: Ref;
  /** Every key it was ever seen with, as hex. */
  readonly keys: ReadonlySet<string>;
  readonly title: string;
  readonly publishedAt: Date | null;
  /** It stands in the document just as it did before, so it is nobody else's. */
  readonly shown: boolean;
}

export type Settled<Ref> =
  | {
      readonly kind: 'new';
      readonly entry: Entry;
      readonly keys: EntryKeys;
      /** Keys of its further copies in this document. */
      readonly copies: readonly EntryKeys[];
    }
  | {
      readonly kind: 'known';
      readonly entry: Entry;
      readonly keys: EntryKeys;
      readonly ref: Ref;
      readonly by: KnownBy;
      /** Its guid or link is one it was never seen with: a rebuilt site, or an address that moved. */
      readonly renamed: boolean;
      /** Something that it is known by changed. */
      readonly stale: boolean;
    }
  /** A second copy of a new entry of this very document. */
  | { readonly kind: 'repeat'; readonly entry: Entry };

/**
 * Which entries of a document the feed has shown before, whatever changed about them. A function of the entries alone,
 * never of their position. A stored entry that one entry resembles strongly is not given to another that resembles it
 * weakly, so two articles that share a guid, or a title and a date, stay two.
 */
export function settleEntries<Ref>(entries: readonly KeyedEntry[], known: readonly KnownEntry<Ref>[]): Settled<Ref>[] {
  const byKey = keyed(known);
  const candidates = entries.map((entry) => candidateOf(entry, byKey));
  const found = assign(candidates, known);
  const groups = grouped(candidates.filter((candidate) => !found.has(candidate)));
  return candidates.map((candidate) => {
    const { entry, keys } = candidate;
    const match = found.get(candidate);
    if (match) return { kind: 'known', entry, keys, ref: match.one.ref, by: match.by, ...changesOf(keys, match.one) };
    const copies = groups.get(candidate)?.map((copy) => copy.keys);
    return copies ? { kind: 'new', entry, keys, copies } : { kind: 'repeat', entry };
  });
}

function keyed<Ref>(known: readonly KnownEntry<Ref>[]): ReadonlyMap<string, readonly KnownEntry<Ref>[]> {
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

/** Strong resemblances first; then each weak one, in an order that has nothing to do with the document's. */
function assign<Ref>(
  candidates: readonly Candidate<Ref>[],
  known: readonly KnownEntry<Ref>[],
): ReadonlyMap<Candidate<Ref>, Match<Ref>> {
  const found = new Map<Candidate<Ref>, Match<Ref>>();
  for (const each of candidates) if (each.strong) found.set(each, each.strong);
  const taken = new Set([...[...found.values()].map(({ one }) => one), ...known.filter(({ shown }) => shown)]);
  const rest = candidates.filter(({ strong }) => !strong);
  for (const candidate of rest.sort((a, b) => Buffer.compare(a.keys.content, b.keys.content))) {
    const match = candidate.weak.find(({ one }) => !taken.has(one));
    if (!match) continue;
    taken.add(match.one);
    found.set(candidate, match);
  }
  return found;
}

function changesOf(
  keys: EntryKeys,
  known: KnownEntry<unknown>,
): { readonly renamed: boolean; readonly stale: boolean } {
  const lacks = (key: Buffer | null) => key !== null && !known.keys.has(key.toString('hex'));
  const renamed = lacks(keys.guid) || lacks(keys.link);
  return { renamed, stale: renamed || lacks(keys.titleDate) };
}

interface Match<Ref> {
  readonly one: KnownEntry<Ref>;
  readonly by: KnownBy;
}

function match<Ref>(by: KnownBy, one: KnownEntry<Ref> | undefined): Match<Ref> | undefined {
  return one && { one, by };
}

function matches<Ref>(by: KnownBy, found: readonly KnownEntry<Ref>[]): Match<Ref>[] {
  return found.map((one) => ({ one, by }));
}

interface Candidate<Ref> {
  readonly entry: Entry;
  readonly keys: EntryKeys;
  /** Two independent signs agree. */
  readonly strong: Match<Ref> | undefined;
  /** One sign, the surest first. */
  readonly weak: readonly Match<Ref>[];
}

function candidateOf<Ref>(
  { entry, keys }: KeyedEntry,
  byKey: ReadonlyMap<string, readonly KnownEntry<Ref>[]>,
): Candidate<Ref> {
  const having = (key: Buffer | null) => {
    const sharing = (key && byKey.get(key.toString('hex'))) ?? [];
    return sharing.length <= MOST_SHARING ? sharing : [];
  };
  const byGuid = having(keys.guid);
  const byLink = having(keys.link);
  const byTitleDate = having(keys.titleDate);
  // A link that several entries share, or a site's front page, names no article.
  const linkNames = byLink.length === 1 && !isFrontPage(entry.link);
  const both = isFrontPage(entry.link) ? undefined : byGuid.find((one) => byLink.includes(one));
  const agrees = (one: KnownEntry<Ref>) =>
    [keys.title, keys.content].some((key) => key !== null && one.keys.has(key.toString('hex'))) ||
    titlesAlike(one.title, entry.title) ||
    sameSecond(one.publishedAt, entry.publishedAt);
  const sameWords = isNameless(entry) ? having(keys.content)[0] : undefined;
  return {
    entry,
    keys,
    // A missing title cannot contradict a guid.
    strong:
      match('guid+link', both) ??
      match(
        'guid',
        byGuid.find((one) => one.title === '' || entry.title === '' || agrees(one)),
      ) ??
      match('link', byLink.find(agrees)) ??
      match('content', sameWords),
    weak: [
      // Without a guid the link is all there is; with one, a reused link under a new guid and title is a new article.
      ...matches('only-link', entry.guid === null && linkNames ? byLink : []),
      ...matches('title+date', byTitleDate),
      ...matches('redated', redated(entry, having(keys.title))),
      ...matches('title', undated(entry, having(keys.title))),
    ],
  };
}

/** A post whose date, link and guid all moved a little keeps its title. A title that comes back is a series' name. */
function redated<Ref>(entry: Entry, byTitle: readonly KnownEntry<Ref>[]): readonly KnownEntry<Ref>[] {
  const [only] = byTitle;
  if (!only?.publishedAt || !entry.publishedAt || byTitle.length > 1 || entry.title.length < TELLING_TITLE_LENGTH)
    return [];
  return daysApart(only.publishedAt, entry.publishedAt) <= REDATED_DAYS ? byTitle : [];
}

/** An entry that nothing names, not even a date, is known by its title alone: its text was edited. */
function undated<Ref>(entry: Entry, byTitle: readonly KnownEntry<Ref>[]): readonly KnownEntry<Ref>[] {
  return isNameless(entry) && entry.publishedAt === null && byTitle.length === 1 ? byTitle : [];
}

interface Group<Ref> {
  readonly members: readonly Candidate<Ref>[];
  readonly signs: readonly string[];
}

/** New entries that stand in the document more than once are one each: all that any sign connects. First to the others. */
function grouped<Ref>(fresh: readonly Candidate<Ref>[]): ReadonlyMap<Candidate<Ref>, readonly Candidate<Ref>[]> {
  const groupOf = new Map<string, Group<Ref>>();
  const groups = new Set<Group<Ref>>();
  for (const candidate of fresh) {
    const own = signsOf(candidate);
    const met = [...new Set(own.flatMap((sign) => groupOf.get(sign) ?? []))];
    const merged = {
      members: [...met.flatMap(({ members }) => members), candidate],
      signs: [...new Set([...met.flatMap(({ signs }) => signs), ...own])],
    };
    for (const group of met) groups.delete(group);
    groups.add(merged);
    for (const sign of merged.signs) groupOf.set(sign, merged);
  }
  return new Map(
    [...groups].flatMap(({ members: [first, ...others] }): [Candidate<Ref>, Candidate<Ref>[]][] =>
      first ? [[first, others]] : [],
    ),
  );
}

/** By any of these, two new entries of one document are copies of one article. */
function signsOf({ entry, keys }: Candidate<unknown>): string[] {
  if (isNameless(entry)) return [keys.content.toString('hex')];
  const link = isFrontPage(entry.link) ? null : keys.link;
  const pairs = [
    [keys.guid, link],
    [link, keys.title],
    [keys.guid, keys.title],
  ] as const;
  return pairs.flatMap(([one, other]) => (one && other ? `${one.toString('hex')} ${other.toString('hex')}` : []));
}

/** Nothing names it: it has no guid, and no link of its own. */
function isNameless({ guid, link }: Entry): boolean {
  return guid === null && (link === null || isFrontPage(link));
}
