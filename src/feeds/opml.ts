import { canonicalUrl } from '../posts/canonical-url.js';
import { titleFrom } from '../posts/from-entry.js';
import { decodeBody } from './reading/decode-body.js';
import { readFeedAddress } from './feed-address.js';
import { outlinesOf, type Outline } from './opml-outlines.js';

export interface OpmlFeed {
  readonly url: URL;
  readonly title: string | null;
}

/** A line of the list that names no feed which could be followed. */
export interface SkippedLine {
  /** Counted from 1. */
  readonly line: number;
  readonly label: string;
  readonly reason: string;
}

export interface OpmlList {
  /** Each feed once, in the order of the list. */
  readonly feeds: readonly OpmlFeed[];
  readonly skipped: readonly SkippedLine[];
  /** Lines that named a feed of the list again. */
  readonly repeated: number;
}

const MAX_LABEL_LENGTH = 200;

/**
 * The feeds of an OPML list (opml.org/spec2.opml), as bytes, folders opened. Whatever readers write is read: bare `&`,
 * other names and cases of attributes, outlines outside the body, a document that breaks off. Null if it is no OPML.
 */
export function readOpml(bytes: Uint8Array): OpmlList | null {
  const outlines = outlinesOf(decodeBody(bytes, null));
  if (!outlines) return null;
  const feeds = new Map<string, OpmlFeed>();
  const skipped: SkippedLine[] = [];
  let named = 0;
  for (const outline of outlines) {
    const url = feedUrlOf(outline);
    const label = labelOf(outline);
    if (url) {
      named += 1;
      const key = canonicalUrl(url);
      const known = feeds.get(key);
      if (!known?.title) feeds.set(key, { url: known?.url ?? url, title: label });
    } else if (!isFolder(outline)) {
      skipped.push({ line: outline.line, label: label ?? '(no name)', reason: reasonFor(outline) });
    }
  }
  return { feeds: [...feeds.values()], skipped, repeated: named - feeds.size };
}

function feedUrlOf({ attributes }: Outline): URL | null {
  return readFeedAddress(addressOf(attributes));
}

/** A bookmark's `url` leads to a page, an inclusion's to another list. */
function addressOf(attributes: Outline['attributes']): string {
  const isLink = /^(?:link|include)$/i.test(attributes['type'] ?? '');
  return (attributes['xmlurl'] ?? attributes['rssurl'] ?? (isLink ? undefined : attributes['url']) ?? '').trim();
}

function isFolder({ attributes, hasChildren }: Outline): boolean {
  return hasChildren && addressOf(attributes) === '';
}

function labelOf({ attributes }: Outline): string | null {
  const written = [attributes['title'], attributes['text']].find((label) => label !== undefined && label.trim() !== '');
  return titleFrom({ value: written ?? '', form: 'text' })?.slice(0, MAX_LABEL_LENGTH) ?? null;
}

function reasonFor({ attributes }: Outline): string {
  const address = addressOf(attributes);
  if (address !== '') return `"${address.slice(0, MAX_LABEL_LENGTH)}" is no http or https address`;
  const site = readFeedAddress(attributes['htmlurl'] ?? attributes['url'] ?? '');
  return site ? `has no feed address; to look for one: tidings feed add ${site.href}` : 'has no feed address';
}

/** A feed as a list for other readers names it. */
export interface ListedFeed extends OpmlFeed {
  readonly siteUrl: URL | null;
  readonly addedAt: Date;
}

/** A list that any feed reader can take in (OPML 2.0). */
export function writeOpml(title: string, feeds: readonly ListedFeed[], now: Date): string {
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<opml version="2.0">',
    `  <head><title>${escaped(title)}</title><dateCreated>${now.toUTCString()}</dateCreated></head>`,
    '  <body>',
    ...feeds.map((feed) => `    ${outlineOf(feed)}`),
    '  </body>',
    '</opml>\n',
  ].join('\n');
}

/** `text` is what the standard asks for, `title` what many readers show. */
function outlineOf({ url, title, siteUrl, addedAt }: ListedFeed): string {
  const name = title ?? url.href;
  const attributes = {
    type: 'rss',
    text: name,
    title: name,
    xmlUrl: url.href,
    ...(siteUrl && { htmlUrl: siteUrl.href }),
    created: addedAt.toUTCString(),
  };
  const written = Object.entries(attributes).map(([key, value]) => ` ${key}="${escaped(value)}"`);
  return `<outline${written.join('')}/>`;
}

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const ILLEGAL = /[\0-\x1f\ufffe\uffff]|\p{Surrogate}/gu;

function escaped(text: string): string {
  return text.replace(ILLEGAL, ' ').replace(/[&<>"]/g, (character) => ESCAPES[character] ?? '');
}
