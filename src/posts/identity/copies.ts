import { isFrontPage } from '../entry-keys.js';
import type { Candidate } from './candidate.js';
import { isNameless, isTwin } from './twin.js';

/** More entries of one title than this are a series; looking at each pair would cost quadratic time. */
const MOST_TITLED = 25;

interface Group<Ref> {
  readonly members: readonly Candidate<Ref>[];
  readonly signs: readonly string[];
}

/** New entries that stand in the document more than once are one each: all that any sign connects. First to the others. */
export function groupCopies<Ref>(
  fresh: readonly Candidate<Ref>[],
): ReadonlyMap<Candidate<Ref>, readonly Candidate<Ref>[]> {
  const groupOf = new Map<string, Group<Ref>>();
  const groups = new Set<Group<Ref>>();
  const twins = twinsIn(fresh);
  for (const candidate of fresh) {
    const own = [...signsOf(candidate), ...(twins.get(candidate) ?? [])];
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
    [keys.path, keys.titleDate],
  ] as const;
  return pairs.flatMap(([one, other]) => (one && other ? `${one.toString('hex')} ${other.toString('hex')}` : []));
}

/** A sign for each pair that shows one article at two addresses. */
function twinsIn<Ref>(fresh: readonly Candidate<Ref>[]): ReadonlyMap<Candidate<Ref>, readonly string[]> {
  const signs = new Map<Candidate<Ref>, string[]>();
  const byTitle = new Map<string, Candidate<Ref>[]>();
  let pairs = 0;
  for (const candidate of fresh) {
    const title = candidate.keys.title?.toString('hex') ?? '';
    const titled = byTitle.get(title) ?? [];
    byTitle.set(title, [...titled, candidate]);
    if (title === '' || titled.length >= MOST_TITLED) continue;
    for (const other of titled.filter(({ entry }) => isTwin(entry, candidate.entry))) {
      const sign = `twins ${String((pairs += 1))}`;
      for (const one of [candidate, other]) signs.set(one, [...(signs.get(one) ?? []), sign]);
    }
  }
  return signs;
}
