import { isFrontPage, sameSecond } from '../entry-keys.js';
import { titlesAlike } from '../titles-alike.js';
import type { Candidate } from './candidate.js';
import { has, type KnownEntry, type Match } from './known-entry.js';

/** A site that was rebuilt: at least so many entries, and more than half of the document, are known by their titles. */
const REBUILT = 3;

/**
 * Which stored entry each entry of a document is. A stored entry belongs to the one that resembles it most; another that
 * resembles it as surely is a copy, or, where title and text contradict, an article of its own. `candidates` come in an
 * order that has nothing to do with the document's; `unchanged` entries stand in it beside them. Yields between steps.
 */
export function* assign<Ref>(
  candidates: readonly Candidate<Ref>[],
  known: readonly KnownEntry<Ref>[],
  unchanged: number,
): Generator<void, ReadonlyMap<Candidate<Ref>, Match<Ref>>> {
  const found = new Map<Candidate<Ref>, Match<Ref>>();
  const taken = new Set(known.filter(({ shown }) => shown));
  const left = (): Candidate<Ref>[] => candidates.filter((candidate) => !found.has(candidate));
  const give = (candidate: Candidate<Ref>, match: Match<Ref> | undefined): void => {
    if (!match || found.has(candidate)) return;
    taken.add(match.one);
    found.set(candidate, match);
  };
  const isFree = ({ one }: Match<Ref>): boolean => !taken.has(one);

  for (const { candidate, match } of yield* claims(candidates)) if (isFree(match)) give(candidate, match);
  for (const candidate of left()) {
    yield;
    const match = againOf(candidate);
    give(candidate, match && { ...match, isCopy: !isFree(match) });
  }
  for (const candidate of left()) give(candidate, candidate.likely.find(isFree));
  const rebuilt = left().filter(({ titled }) => titled.some(isFree));
  if (rebuilt.length >= REBUILT && rebuilt.length * 2 > candidates.length + unchanged) {
    for (const candidate of rebuilt) give(candidate, candidate.titled.find(isFree));
  }
  return found;
}

interface Claim<Ref> {
  readonly candidate: Candidate<Ref>;
  readonly match: Match<Ref>;
}

/** The closest first. */
function* claims<Ref>(candidates: readonly Candidate<Ref>[]): Generator<void, Claim<Ref>[]> {
  const all: (Claim<Ref> & { readonly score: number })[] = [];
  for (const candidate of candidates) {
    yield;
    for (const match of candidate.sure) all.push({ candidate, match, score: closeness(candidate, match) });
  }
  return all.sort((a, b) => b.score - a.score);
}

/** How many signs agree, the surest counted most. */
function closeness<Ref>({ entry, keys }: Candidate<Ref>, { one }: Match<Ref>): number {
  return (
    (has(one, keys.content) ? 8 : 0) +
    (has(one, keys.titleDate) ? 8 : 0) +
    (has(one, keys.title) ? 4 : 0) +
    (has(one, keys.guid) ? 4 : 0) +
    (has(one, keys.link) ? 2 : 0) +
    (sameSecond(entry.publishedAt, one.publishedAt) ? 1 : 0)
  );
}

/** The stored entry that this one shows again: beside the one it belongs to already, or at another address. */
function againOf<Ref>({ entry, keys, sure, twins }: Candidate<Ref>): Match<Ref> | undefined {
  const agrees = ({ one }: Match<Ref>): boolean =>
    has(one, keys.content) ||
    has(one, keys.title) ||
    (has(one, keys.guid) && has(one, keys.link) && !isFrontPage(entry.link) && titlesAlike(one.title, entry.title));
  return sure.find(agrees) ?? twins[0];
}
