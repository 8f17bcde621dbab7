import { createHash } from 'node:crypto';
import { canonicalUrl } from './canonical-url.js';
import { foldedText } from './entry-keys.js';
import { plainForms } from './plain-forms.js';
import type { Entry } from './post.js';

/** What of an entry a reader sees, in the order of the fingerprint. */
const PARTS = ['title', 'link', 'text', 'picture'] as const;
const PART_BYTES = 8;

export type Part = (typeof PARTS)[number];
export type Seen = Pick<Entry, 'title' | 'link' | 'text' | 'imageUrl'>;

const known = new WeakMap<Seen, Buffer>();

/**
 * What a reader sees of an entry, in 32 bytes: the same whatever its dates, the numbers that count its comments or
 * minutes, its white space, and what its addresses tell of where a reader came from. Worked out once for each entry.
 */
export function fingerprintOf(seen: Seen): Buffer {
  const before = known.get(seen);
  if (before) return before;
  const parts: Readonly<Record<Part, string>> = {
    title: titleSeen(seen.title),
    link: seen.link ? canonicalUrl(seen.link) : '',
    text: textSeen(seen.text),
    picture: seen.imageUrl ? pictureSeen(seen.imageUrl) : '',
  };
  const fingerprint = Buffer.concat(PARTS.map((part) => hash(parts[part])));
  known.set(seen, fingerprint);
  return fingerprint;
}

/** What a reader would notice between two fingerprints. */
export function changedParts(before: Buffer, after: Buffer): Part[] {
  return PARTS.filter((_part, index) => {
    const [start, end] = [index * PART_BYTES, (index + 1) * PART_BYTES];
    return !before.subarray(start, end).equals(after.subarray(start, end));
  });
}

function hash(part: string): Buffer {
  return createHash('sha256').update(part).digest().subarray(0, PART_BYTES);
}

const COUNTED =
  'comments?|repl(?:y|ies)|responses?|reactions?|likes?|shares?|views?|reads?|points?|votes?|upvotes?|claps?|reposts?|retweets?|stars?|words?|kommentare?|commentaires?|comentarios?|commenti|reacties';
const COUNT = `(?:no|one|\\d[\\d.,]{0,11} ?[km]?) (?:${COUNTED})`;
const READING_TIME = `(?:\\d{1,3}[ -]min(?:ute)?s? read(?:ing time)?|reading time:? \\d{1,3} min(?:ute)?s?)`;

/** Only where they stand aside: "10 comments on BGP" is what the title says. */
const COUNTS_ASIDE = new RegExp(
  `\\s?[([](?:${COUNT}|${READING_TIME})[)\\]]|\\s[|·•–—-]\\s(?:${COUNT}|${READING_TIME})$`,
  'giu',
);

/** Typewriter's and typesetter's marks are the same to a reader; a sign such as "C++" is not. */
function titleSeen(title: string): string {
  return plainForms(title)
    .replace(/[\u2018\u2019\u201B\u2032`\u00B4]/g, "'")
    .replace(/[\u201C-\u201F\u2033\u00AB\u00BB]/g, '"')
    .replace(/[\u2010-\u2015\u2212]/g, '-')
    .replace(/[\p{Cf}\uFE0F]/gu, '')
    .replace(/\s+/gu, ' ')
    .trim()
    .replace(COUNTS_ASIDE, '');
}

const MONTH =
  '(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)';
const DAY_OF_WEEK = '(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)? )?';
const DATE = `${DAY_OF_WEEK}(?:\\d{4} \\d\\d? \\d\\d?|\\d\\d? \\d\\d? \\d{2,4}|${MONTH} \\d\\d?(?:st|nd|rd|th)?(?: \\d\\d \\d\\d \\d\\d)? \\d{4}|\\d\\d?(?:st|nd|rd|th)? ${MONTH} \\d{4})`;
const TIME =
  '(?:(?: at| |t)?\\s?\\d\\d? \\d\\d(?: \\d\\d(?: \\d{1,6})?)?(?: ?[ap]m)?(?: ?(?:z|utc|gmt|[ceptmw]e?[sd]?t))?)?';
const STAMP = `(?:last )?(?:updated|modified|edited|published|posted|revised|reviewed|released|generated|built) (?:on |at )?${DATE}${TIME}`;
const AGO =
  '(?:\\d{1,4}|an?|one|a few|few) (?:seconds?|secs?|minutes?|mins?|hours?|hrs?|days?|weeks?|months?|years?) ago';

/** What changes by itself in a folded text: stamps, ages, counts and reading times. */
const NOISE = new RegExp(
  ` (?:${STAMP}|${AGO}|(?:no|one|(?:\\d{1,3} ){0,3}\\d{1,9}[km]?) (?:${COUNTED})|(?:estimated )?${READING_TIME})(?= |$)`,
  'g',
);
const ADDRESS = /https?:\/\/[^\s<>"]{1,2000}/gi;

/** The words alone. */
function textSeen(text: string): string {
  const plain = text.includes('://') ? text.replace(ADDRESS, addressSeen) : text;
  return ` ${foldedText(plain)}`.replace(NOISE, '');
}

function addressSeen(address: string): string {
  return URL.canParse(address) ? canonicalUrl(new URL(address), 'keep') : address;
}

const PICTURE_FILE = /\.(?:jpe?g|png|gif|webp|avif|bmp)$/i;

/** A picture's file is what it shows; the query behind it says how large, until when, or for whose cache. */
function pictureSeen(url: URL): string {
  const address = canonicalUrl(url);
  return PICTURE_FILE.test(url.pathname) ? (address.split('?', 1)[0] ?? address) : address;
}
