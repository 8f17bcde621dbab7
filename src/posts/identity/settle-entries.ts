import type { KnownBy } from '../decision.js';
import type { EntryKeys, KeyedEntry } from '../entry-keys.js';
import type { Entry } from '../post.js';
import { assign } from './assign.js';
import { byKeyOf, candidateOf, type Candidate } from './candidate.js';
import { groupCopies } from './copies.js';
import { has, type KnownEntry, type Match } from './known-entry.js';

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
      /** The document shows the stored entry beside it: what is stored stays as that one says. */
      readonly isCopy: boolean;
      /** Its guid or link is one it was never seen with: a rebuilt site, or an address that moved. */
      readonly renamed: boolean;
      /** Something that it is known by changed. */
      readonly stale: boolean;
    }
  /** A second copy of a new entry of this very document. */
  | { readonly kind: 'repeat'; readonly entry: Entry };

/** An entry that its feed has not shown before. */
export type Fresh = Extract<Settled<never>, { kind: 'new' }>;

/**
 * Which entries of a document the feed has shown before, whatever changed about them. A function of the entries alone,
 * never of their position. `unchanged` more stand in it as they stood in the last one.
 */
export function settleEntries<Ref>(
  entries: readonly KeyedEntry[],
  known: readonly KnownEntry<Ref>[],
  unchanged: number,
): Settled<Ref>[] {
  const steps = settling(entries, known, unchanged);
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}

/** The same, yielding between steps: entries that all resemble each other are many comparisons. */
export function* settling<Ref>(
  entries: readonly KeyedEntry[],
  known: readonly KnownEntry<Ref>[],
  unchanged: number,
): Generator<void, Settled<Ref>[]> {
  const byKey = byKeyOf(known);
  const candidates: Candidate<Ref>[] = [];
  for (const entry of entries) {
    candidates.push(yield* candidateOf(entry, byKey));
  }
  const found = yield* assign([...candidates].sort(byContent), known, unchanged);
  const groups = yield* groupCopies(candidates.filter((candidate) => !found.has(candidate)));
  return candidates.map((candidate) => {
    const { entry, keys } = candidate;
    const match = found.get(candidate);
    if (match) return { kind: 'known', entry, keys, ...matched(keys, match) };
    const copies = groups.get(candidate)?.map((copy) => copy.keys);
    return copies ? { kind: 'new', entry, keys, copies } : { kind: 'repeat', entry };
  });
}

function byContent(a: Candidate<unknown>, b: Candidate<unknown>): number {
  return Buffer.compare(allKeys(a.keys), allKeys(b.keys));
}

function allKeys({ content, guid, link, titleDate }: EntryKeys): Buffer {
  return Buffer.concat([content, guid, link, titleDate].flatMap((key) => key ?? []));
}

type Matched<Ref> = Omit<Extract<Settled<Ref>, { kind: 'known' }>, 'kind' | 'entry' | 'keys'>;

function matched<Ref>(keys: EntryKeys, { one, by, isCopy }: Match<Ref>): Matched<Ref> {
  const lacks = (key: Buffer | null): boolean => key !== null && !has(one, key);
  const renamed = lacks(keys.guid) || lacks(keys.link);
  return { ref: one.ref, by, isCopy, renamed, stale: renamed || lacks(keys.titleDate) };
}
