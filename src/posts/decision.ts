import { changedParts, fingerprintOf, type Part, type Seen } from './fingerprint.js';

/** By which signs a feed's entry was known again, the surest first, in the words of `why`. */
export const KNOWN_BY = {
  'guid+link': 'its guid and link',
  guid: 'its guid, and a title, text or date that agrees',
  link: 'its link, and a title, text or date that agrees',
  'only-link': 'its link, as it has no guid',
  'title+date': 'its title and date',
  content: 'its words, as it has neither guid nor link',
  redated: 'its title, days away from the date it had',
  'path+date': 'its path and date, at another host',
  'text+date': 'its text and date, under another title',
  'title+text': 'its title and text, under another address and date',
  twin: 'its title and text: the same article at another address',
  rebuilt: 'its title, as most of the feed was named and dated anew',
  title: 'its title, as it has nothing else',
} as const;
export type KnownBy = keyof typeof KNOWN_BY;

/** By which sign an entry is the article that another feed brought. */
export const SAME_BY = {
  link: 'they have one link, and titles or words that agree',
  text: 'they have the same words under titles that agree',
  excerpt: 'one has an excerpt of the words of the other',
  title: 'they have one title, within days',
} as const;
export type SameBy = keyof typeof SAME_BY;

/** What was to become of an entry when it came in. */
export const FATES = {
  backlog: "it stood in the feed's first document, which is stored and never announced",
  past: 'the feed began to show more of its past, which is stored and not announced',
  announced: 'whoever wants it is told',
} as const;
export type ArrivalFate = keyof typeof FATES;

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
  | { readonly kind: 'renamed'; readonly by: KnownBy }
  /** It was rewritten, and told again because its feed's operator asked for that. */
  | { readonly kind: 'reposted' };

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
