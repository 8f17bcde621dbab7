import type { KnownBy } from '../decision.js';

/** What is stored of an entry that a feed has shown before. */
export interface KnownEntry<Ref> {
  readonly ref: Ref;
  /** Every key it was ever seen with, as hex. */
  readonly keys: ReadonlySet<string>;
  readonly title: string;
  readonly link: URL | null;
  readonly publishedAt: Date | null;
  /** Its beginning; empty where no entry of the document bears its guid or title. */
  readonly text: string;
  /** It stands in the document just as it did before. */
  readonly shown: boolean;
}

/** A stored entry that an entry of the document may be, and the signs that say so. */
export interface Match<Ref> {
  readonly one: KnownEntry<Ref>;
  readonly by: KnownBy;
  /** Another entry of the document is the stored one, and this a copy of it. */
  readonly isCopy: boolean;
}

export function has(one: Pick<KnownEntry<unknown>, 'keys'>, key: Buffer | null): boolean {
  return key !== null && one.keys.has(key.toString('hex'));
}
