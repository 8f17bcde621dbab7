import Parser from 'rss-parser';
import { entryFrom, siteUrlFrom, titleFrom } from '../posts/from-entry.js';
import { decodeBody } from './decode-body.js';
import type { ParseOutcome } from './feed-document.js';
import { readJsonFeed } from './json-feed.js';
import type { RawFeed } from './raw-feed.js';
import { repairXml, type RepairedXml } from './repair-xml.js';
import { authorOf, ENTRY_FIELDS, markupOf, rawEntryOf, type FeedContext } from './xml-entry.js';
import { attributeOf, baseWithin, nodesOf, ownAttributesOf, RAW, textOf, type XmlNode } from './xml-node.js';

type ReadOutcome =
  { readonly kind: 'read'; readonly feed: RawFeed } | Extract<ParseOutcome, { readonly kind: 'not-a-feed' }>;

/** The entries of an RSS, Atom or JSON feed, cleaned. Relative addresses are relative to `baseUrl`. Never rejects. */
export function parseFeed(body: Uint8Array, contentType: string | null, baseUrl: URL): Promise<ParseOutcome> {
  return readFeed(body, contentType, baseUrl).then((read) => {
    if (read.kind === 'not-a-feed') return read;
    const { title, siteLinks, base, entries, cutOff } = read.feed;
    const document = {
      title: titleFrom(title),
      siteUrl: siteUrlFrom(siteLinks, base),
      entries: entries.map(entryFrom),
      cutOff,
    };
    return { kind: 'parsed', document };
  });
}

/** The same before anything is cleaned: what the publisher wrote. */
function readFeed(body: Uint8Array, contentType: string | null, baseUrl: URL): Promise<ReadOutcome> {
  const text = decodeBody(body, contentType).trimStart();
  if (text.startsWith('{')) {
    const feed = readJsonFeed(text, baseUrl);
    return Promise.resolve(feed ? { kind: 'read', feed } : { kind: 'not-a-feed', looksLike: 'other' });
  }
  const repaired = repairXml(text);
  if (repaired.kind !== 'xml') return Promise.resolve({ kind: 'not-a-feed', looksLike: repaired.kind });
  return readXml(repaired, baseUrl);
}

/** What rss-parser may see. All else is renamed: it would compute an excerpt of each text in quadratic time. */
const STRUCTURE = new Set(['rss', 'rdf:RDF', 'channel', 'item', 'feed', 'entry']);
const FEED_FIELDS = ['title', 'dc:title', 'link', 'atom:link', 'author', 'atom:author', 'dc:creator'];

type Fields = Record<string, unknown>;
type WellFormed = Extract<RepairedXml, { readonly kind: 'xml' }>;

function createParser(): Parser<Fields, Fields> {
  return new Parser<Fields, Fields>({
    defaultRSS: 2,
    customFields: { feed: rawFields(FEED_FIELDS), item: rawFields(ENTRY_FIELDS) },
    xml2js: { tagNameProcessors: [(name: string) => (STRUCTURE.has(name) ? name : RAW + name)] },
  });
}

/** rss-parser's own triples: the element, the name to keep it under, and that all of its occurrences are wanted. */
function rawFields(names: readonly string[]): string[] {
  const fields: unknown[] = names.map((name) => [RAW + name, name, { keepArray: true }]);
  return [...fields, ['$', 'attributes', { keepArray: true }]] as string[];
}

/** A new parser for each document: after a failure an old one gives other results. */
function readXml(repaired: WellFormed, baseUrl: URL): Promise<ReadOutcome> {
  const { xml } = repaired;
  const broken: ReadOutcome = { kind: 'not-a-feed', looksLike: 'broken-xml' };
  // It works synchronously, and forgets to settle when a document holds nothing: then the second promise wins.
  return Promise.race([createParser().parseString(xml), Promise.resolve(null)]).then(
    (output) => (output ? { kind: 'read', feed: rawFeedOf(output, repaired, baseUrl) } : broken),
    () => broken,
  );
}

function rawFeedOf(output: Fields & { items: Fields[] }, { xml, cutOff }: WellFormed, baseUrl: URL): RawFeed {
  const dialect = xml.startsWith('<feed') ? 'atom' : 'rss';
  const base = baseWithin(ownAttributesOf(output), baseUrl);
  const context: FeedContext = { dialect, base, author: authorOf(output) };
  return {
    title: markupOf(output, ['title', 'dc:title'], dialect),
    siteLinks: siteLinksOf(output),
    base,
    entries: output.items.map((item) => rawEntryOf(item, context)),
    cutOff,
  };
}

function siteLinksOf(output: XmlNode): string[] {
  const links = [...nodesOf(output, 'link'), ...nodesOf(output, 'atom:link')];
  const alternate = links.filter((link) => /^(?:alternate)?$/i.test(attributeOf(link, 'rel') ?? ''));
  return alternate.flatMap((link) => [textOf(link), attributeOf(link, 'href') ?? '']).filter((link) => link !== '');
}
