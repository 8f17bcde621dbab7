import { changedParts, fingerprintOf, type Part, type Seen } from './fingerprint.js';

/** By which signs a feed's entry was known again, the surest first. */
export type KnownBy =
  | 'guid+link'
  | 'guid'
  | 'link'
  /** A link alone, of an entry that has no guid. */
  | 'only-link'
  | 'title+date'
  | 'content'
  /** A telling title, within days of the date it had. */
  | 'redated'
  /** A title alone, of an entry that has nothing else. */
  | 'title';

/** By which sign an entry is the article that another feed brought. */
export type SameBy = 'link' | 'content';

/** What was to become of an entry when it came in. */
export type ArrivalFate =
  /** It stood in the feed's first document, which is never announced. */
  | 'backlog'
  /** Whoever wants it is told. */
  | 'announced';

/** How an entry that its feed had not shown before came in; kept with its sighting. */
export interface Arrival {
  readonly fate: ArrivalFate;
  /** Null: no other feed had brought the article. */
  readonly sameBy: SameBy | null;
  /** How often it stood in that document beside the first time. */
  readonly copies: number;
}

/** What happened to an entry after it came in, as it is kept. */
export type EntryEvent =
  | {
      readonly kind: 'edited';
      readonly changed: readonly Part[];
      /** What the title was; only if it changed. */
      readonly formerTitle?: string;
      /** Null: it had none. Only if it changed. */
      readonly formerLink?: string | null;
      readonly by: KnownBy;
    }
  /** It came under a name it never had, such as a new guid, and a reader sees no difference. */
  | { readonly kind: 'renamed'; readonly by: KnownBy };

/** An entry as it is stored. */
export interface Shown {
  readonly title: string;
  readonly link: string | null;
  /** Null: stored before there were fingerprints. */
  readonly fingerprint: Buffer | null;
}

/** What is worth remembering of an entry that is known; null for what no reader would notice. */
export function eventOf(
  shown: Shown,
  now: { readonly entry: Seen; readonly by: KnownBy; readonly renamed: boolean },
): EntryEvent | null {
  const { entry, by, renamed } = now;
  const changed = changedParts(fingerprintOfShown(shown, entry), fingerprintOf(entry));
  if (changed.length > 0) {
    return {
      kind: 'edited',
      changed,
      ...(changed.includes('title') && { formerTitle: shown.title }),
      ...(changed.includes('link') && { formerLink: shown.link }),
      by,
    };
  }
  return renamed ? { kind: 'renamed', by } : null;
}

/** Of an entry from before there were fingerprints, only title and link can be compared. */
function fingerprintOfShown({ title, link, fingerprint }: Shown, { text, imageUrl }: Seen): Buffer {
  return fingerprint ?? fingerprintOf({ title, link: link === null ? null : new URL(link), text, imageUrl });
}
