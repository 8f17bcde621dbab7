import { canonicalUrl } from '../../posts/canonical-url.js';

/** An address that something called a feed. Whether it is one, only fetching it tells. */
export interface FeedCandidate {
  readonly url: URL;
  /** As the page calls it, one line. */
  readonly title: string | null;
  readonly format: 'atom' | 'rss' | 'json' | null;
}

const COMMENTS_PATH = /\/comments?(?:\/|\.|$)|[?&]feed=comments/i;
const COMMENTS_TITLE = /^comments?\b|\bcomments?(?:\s+(?:feed|rss|atom|on|for)\b|\s*$)/i;
/** Elsewhere the word alone is also what newspapers call their opinions. */
const COMMENTS_FEED_TITLE =
  /(?:feed|flux|rss|atom)\b.*(?:kommentar|comment|coment|reacti|\u043a\u043e\u043c\u043c\u0435\u043d\u0442)|(?:kommentar|comment|coment|reacti|\u043a\u043e\u043c\u043c\u0435\u043d\u0442)\p{L}*\P{L}+(?:feed|flux|rss|atom)\b|\u30b3\u30e1\u30f3\u30c8|\u8bc4\u8bba/iu;
/** What only says how a feed is written, in addresses and titles. */
const FORMAT_WORDS = /\b(?:atom|rss|rdf|json|xml|feeds?|index|default|1\.0|1\.1|2\.0|0\.3|0\.9\d)\b/gi;
/** Atom entries must have an id and say what is HTML; a JSON feed too, but few sites keep theirs up. */
const PREFERENCE = ['atom', 'rss', 'json', null] as const;

/**
 * What a person would choose from: each feed once, whatever formats it comes in, Atom first, and feeds of comments only
 * when there is nothing else.
 */
export function foldCandidates(candidates: readonly FeedCandidate[]): FeedCandidate[] {
  const distinct = [...new Map(candidates.map((one) => [canonicalUrl(one.url), one] as const).reverse()).values()];
  const inOrder = candidates.filter((candidate) => distinct.includes(candidate));
  const posts = inOrder.filter((candidate) => !isComments(candidate));
  return withoutTwins(posts.length > 0 ? posts : inOrder);
}

function isComments({ url, title }: FeedCandidate): boolean {
  const words = title ?? '';
  return COMMENTS_PATH.test(url.pathname + url.search) || COMMENTS_TITLE.test(words) || COMMENTS_FEED_TITLE.test(words);
}

function withoutTwins(candidates: readonly FeedCandidate[]): FeedCandidate[] {
  const kept: FeedCandidate[] = [];
  for (const candidate of candidates) {
    const others = kept.filter(({ format }) => format !== candidate.format);
    const twin =
      others.find((other) => addressTwins(other, candidate)) ?? others.find((other) => titleTwins(other, candidate));
    if (!twin) kept.push(candidate);
    else if (rank(candidate) < rank(twin)) kept[kept.indexOf(twin)] = candidate;
  }
  return kept;
}

function addressTwins(a: FeedCandidate, b: FeedCandidate): boolean {
  return plainAddress(a.url) === plainAddress(b.url);
}

function titleTwins(a: FeedCandidate, b: FeedCandidate): boolean {
  return plainTitle(a) !== '' && plainTitle(a) === plainTitle(b);
}

function rank({ format }: FeedCandidate): number {
  return PREFERENCE.indexOf(format);
}

function plainTitle({ title }: FeedCandidate): string {
  return (title ?? '')
    .replace(FORMAT_WORDS, '')
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()
    .toLowerCase();
}

function plainAddress(url: URL): string {
  const path = `${url.pathname}${url.search}`
    .replace(FORMAT_WORDS, '')
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
  return `${url.hostname.replace(/^www\./, '')} ${path.toLowerCase()}`;
}
