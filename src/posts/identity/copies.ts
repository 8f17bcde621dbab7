import { isFrontPage } from '../entry-keys.js';
import type { Candidate } from './candidate.js';
import { isNameless, isTwin } from './twin.js';

/** More entries of one title than this are a series; looking at each pair would cost quadratic time. */
const MOST_TITLED = 25;

interface Group<Ref> {
  readonly members: Candidate<Ref>[];
  /** The group that it became part of. */
  partOf: Group<Ref> | null;
}

/**
 * New entries that stand in the document more than once are one each: all that any sign connects. First to the others.
 * Yields between steps.
 */
export function* groupCopies<Ref>(
  fresh: readonly Candidate<Ref>[],
): Generator<void, ReadonlyMap<Candidate<Ref>, readonly Candidate<Ref>[]>> {
  const groupOf = new Map<string, Group<Ref>>();
  const groups = new Set<Group<Ref>>();
  const twins = yield* twinsIn(fresh);
  for (const candidate of fresh) {
    yield;
    const own = [...signsOf(candidate), ...(twins.get(candidate) ?? [])];
    const met = own.flatMap((sign) => groupOf.get(sign) ?? []).map(wholeOf);
    const [group = { members: [], partOf: null }, ...others] = new Set(met);
    for (const other of others) {
      group.members.push(...other.members);
      other.partOf = group;
      groups.delete(other);
    }
    group.members.push(candidate);
    groups.add(group);
    for (const sign of own) groupOf.set(sign, group);
  }
  return new Map(
    [...groups].flatMap(({ members: [first, ...others] }): [Candidate<Ref>, Candidate<Ref>[]][] =>
      first ? [[first, others]] : [],
    ),
  );
}

function wholeOf<Ref>(part: Group<Ref>): Group<Ref> {
  let whole = part;
  while (whole.partOf) whole = whole.partOf;
  // The next look takes one step.
  if (part !== whole) part.partOf = whole;
  return whole;
}

/** By any of these, two new entries of one document are copies of one article. */
function signsOf({ entry, keys }: Candidate<unknown>): string[] {
  if (isNameless(entry)) return [keys.content.toString('hex')];
  const link = isFrontPage(entry.link) ? null : keys.link;
  const pairs = [
    [keys.guid, link],
    [link, keys.title],
    [keys.guid, keys.title],
    [keys.path, keys.titleDate],
  ] as const;
  return pairs.flatMap(([one, other]) => (one && other ? `${one.toString('hex')} ${other.toString('hex')}` : []));
}

/** A sign for each pair that shows one article at two addresses. */
function* twinsIn<Ref>(
  fresh: readonly Candidate<Ref>[],
): Generator<void, ReadonlyMap<Candidate<Ref>, readonly string[]>> {
  const signs = new Map<Candidate<Ref>, string[]>();
  let pairs = 0;
  for (const [one, other] of pairsOfOneTitle(fresh)) {
    yield;
    if (!isTwin(one.entry, other.entry)) continue;
    const sign = `twins ${String((pairs += 1))}`;
    for (const each of [one, other]) signs.set(each, [...(signs.get(each) ?? []), sign]);
  }
  return signs;
}

function* pairsOfOneTitle<Ref>(fresh: readonly Candidate<Ref>[]): Generator<[Candidate<Ref>, Candidate<Ref>]> {
  const byTitle = new Map<string, Candidate<Ref>[]>();
  for (const candidate of fresh) {
    const title = candidate.keys.title?.toString('hex');
    if (title === undefined) continue;
    const titled = byTitle.get(title) ?? [];
    if (titled.length >= MOST_TITLED) continue;
    for (const other of titled) yield [other, candidate];
    byTitle.set(title, [...titled, candidate]);
  }
}
