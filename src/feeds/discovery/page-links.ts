import { Parser } from 'htmlparser2';
import { cleanLine } from '../../posts/text/clean-text.js';
import { httpUrl } from '../../posts/http-url.js';
import type { FeedCandidate } from './feed-candidates.js';
import { mediaType, parseLinkHeader } from '../fetching/link-header.js';
import { originOf } from '../schedule/origin.js';

/** What a page says of its feeds, in the order it says it. */
export interface PageLinks {
  /** `<link rel="alternate">` with the type of a feed. */
  readonly stated: readonly FeedCandidate[];
  /** Links for people that look as if they led to a feed of this site. */
  readonly anchors: readonly FeedCandidate[];
  /** The address the page gives itself (`rel="canonical"`). */
  readonly canonical: URL | null;
}

const MAX_PAGE_LENGTH = 2_000_000;
const CHUNK_LENGTH = 65_536;
const MAX_LINKS = 50;
const MAX_TITLE_LENGTH = 200;

const FORMATS: ReadonlyMap<string, FeedCandidate['format']> = new Map([
  ['application/atom+xml', 'atom'],
  ['application/rss+xml', 'rss'],
  ['application/rdf+xml', 'rss'],
  ['application/feed+json', 'json'],
  ['application/json', 'json'],
  ['application/xml', null],
  ['text/xml', null],
]);
/** Types that say little: only an address that looks like a feed's makes them one. */
const VAGUE = new Set(['application/json', 'application/xml', 'text/xml', '']);
const FEED_PATH =
  /\/(?:feeds?|rss|atom)\/?$|\.(?:rss|rdf|atom)$|\/(?:[\w.-]*[._-])?(?:rss|atom|feed|index)\d?\.(?:xml|json)$|\/feeds?\/[^?#]*\.(?:xml|json)$/i;
const FEED_QUERY = /[?&](?:feed|format|alt)=(?:rss2?|atom|feed)\b/i;
const FEED_TEXT = /^(?:rss|atom|rss feed|atom feed|feed|rss\/atom|xml)$/i;
/** Hosts that serve other sites' feeds. */
const FEED_HOST = /^(?:feeds?\d?|rss)\./i;

interface Anchor {
  readonly href: string;
  readonly title: string;
  text: string;
}

/** Reads a page's links. Bounded, never throws, and resolves addresses against `<base>`. */
export function feedLinksOf(html: string, pageUrl: URL): PageLinks {
  const found = { base: pageUrl, links: new Array<Attributes>(), anchors: new Array<Anchor>() };
  let open: Anchor | null = null;
  const parser = new Parser({
    onopentag: (name, attributes) => {
      if (name === 'base') found.base = httpUrl(attributes['href'] ?? '', pageUrl) ?? found.base;
      if (name === 'link' && found.links.length < MAX_LINKS && wanted(attributes)) found.links.push(attributes);
      if (name === 'a') open = { href: attributes['href'] ?? '', title: attributes['title'] ?? '', text: '' };
    },
    ontext: (text) => {
      if (open && open.text.length < MAX_TITLE_LENGTH) open.text += text;
    },
    onclosetag: (name) => {
      if (name !== 'a' || !open) return;
      if (found.anchors.length < MAX_LINKS && mayBeFeed(open)) found.anchors.push(open);
      open = null;
    },
  });
  for (let at = 0; at < Math.min(html.length, MAX_PAGE_LENGTH); at += CHUNK_LENGTH) {
    parser.write(html.slice(at, Math.min(at + CHUNK_LENGTH, MAX_PAGE_LENGTH)));
  }
  parser.end();
  return {
    stated: found.links.flatMap((link) => statedFeed(link, found.base)),
    anchors: found.anchors.flatMap((anchor) => anchoredFeed(anchor, found.base)),
    canonical: canonicalOf(found.links, found.base),
  };
}

/** The feeds that a `Link` header names. */
export function headerFeedsOf(linkHeader: string, pageUrl: URL): FeedCandidate[] {
  return parseLinkHeader(linkHeader, pageUrl).flatMap(({ url, rels, type, title }) =>
    statedFeed({ href: url.href, rel: rels.join(' '), type, title }, pageUrl),
  );
}

type Attributes = Readonly<Record<string, string>>;

function relsOf(attributes: Attributes): string[] {
  return (attributes['rel'] ?? '').toLowerCase().split(/\s+/);
}

function wanted(attributes: Attributes): boolean {
  return relsOf(attributes).some((rel) => rel === 'alternate' || rel === 'feed' || rel === 'canonical');
}

function statedFeed(attributes: Attributes, base: URL): FeedCandidate[] {
  const rels = relsOf(attributes);
  const type = mediaType(attributes['type']);
  const url = addressIn(attributes['href'], base);
  if (!url || rels.includes('stylesheet')) return [];
  const isFeed = rels.includes('feed') || (rels.includes('alternate') && FORMATS.has(type) && !isVague(type, url));
  return isFeed ? [{ url, title: titleOf(attributes['title']), format: FORMATS.get(type) ?? null }] : [];
}

/** WordPress states the JSON of its own interface as if it were another form of the page. */
function isVague(type: string, url: URL): boolean {
  return VAGUE.has(type) && !looksLikeFeed(url);
}

function looksLikeFeed(url: URL): boolean {
  return !url.pathname.includes('/wp-json/') && (FEED_PATH.test(url.pathname) || FEED_QUERY.test(url.search));
}

function mayBeFeed({ href, text }: Anchor): boolean {
  return /feed|rss|atom|\.rdf|index\.xml/i.test(href) || FEED_TEXT.test(text.trim());
}

function anchoredFeed({ href, title, text }: Anchor, base: URL): FeedCandidate[] {
  const url = addressIn(href, base);
  if (!url || !isOfSite(url, base)) return [];
  const words = titleOf(text);
  const says = words !== null && FEED_TEXT.test(words) && url.href !== base.href;
  if (!looksLikeFeed(url) && !says) return [];
  return [{ url, title: titleOf(title) ?? words, format: formatOf(url) }];
}

function formatOf({ pathname, search }: URL): FeedCandidate['format'] {
  const words = pathname + search;
  if (/atom/i.test(words)) return 'atom';
  if (/\.json$/i.test(pathname)) return 'json';
  return /rss|rdf/i.test(words) ? 'rss' : null;
}

function isOfSite(url: URL, page: URL): boolean {
  return originOf(url).domain === originOf(page).domain || FEED_HOST.test(url.hostname);
}

function canonicalOf(links: readonly Attributes[], base: URL): URL | null {
  const link = links.find((each) => relsOf(each).includes('canonical'));
  return link ? addressIn(link['href'], base) : null;
}

/** Without the fragment; `feed:` links are web addresses under another name. */
function addressIn(href: string | undefined, base: URL): URL | null {
  const written = (href ?? '')
    .trim()
    .replace(/^feed:(?:\/\/)?(?=https?:)/i, '')
    .replace(/^feed:(?=\/\/)/i, '');
  const url = written === '' ? null : httpUrl(written, base);
  if (url) url.hash = '';
  return url;
}

function titleOf(text: string | undefined): string | null {
  return cleanLine(text ?? '').slice(0, MAX_TITLE_LENGTH) || null;
}
