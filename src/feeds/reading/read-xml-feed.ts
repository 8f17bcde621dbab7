import Parser from 'rss-parser';
import { createPause, mapInTurns } from '../../turns.js';
import { createDigests } from './entry-digest.js';
import type { Window } from './feed-document.js';
import { HINT_FIELDS, hintsOf } from './poll-hints.js';
import type { RawFeed, RawReadEntry } from './raw-feed.js';
import type { RepairedXml } from './repair-xml.js';
import { authorOf, ENTRY_FIELDS, markupOf, rawEntryOf, type FeedContext } from './xml-entry.js';
import { attributeOf, baseWithin, nodesOf, ownAttributesOf, RAW, textOf, type XmlNode } from './xml-node.js';

/** What rss-parser may see. All else is renamed: it would compute an excerpt of each text in quadratic time. */
const STRUCTURE = new Set(['rss', 'rdf:RDF', 'channel', 'item', 'feed', 'entry']);
const LINKS = ['link', 'atom:link'];
const FEED_FIELDS = ['title', 'dc:title', ...LINKS, 'author', 'atom:author', 'dc:creator', ...HINT_FIELDS];

type Fields = Record<string, unknown>;
type Output = Fields & { readonly items: Fields[] };
type WellFormed = Extract<RepairedXml, { readonly kind: 'xml' }>;

interface ToRead {
  /** All but these entries, */
  readonly window: Window;
  /** of at most so many characters together. */
  readonly mostRead: number;
}

/**
 * Reads what stands around the entries, then the entries that are not in the window. Null if rss-parser finds no feed.
 */
export async function readXmlFeed(xml: WellFormed, baseUrl: URL, toRead: ToRead): Promise<RawFeed | 'too-long' | null> {
  const frame = await parsed(xml.frame);
  if (!frame) return null;
  const context = contextOf(frame, xml, baseUrl);
  const entries = await readEntries(xml, context, toRead);
  return Array.isArray(entries) ? { ...feedOf(frame, xml, context), entries } : entries;
}

async function readEntries(
  xml: WellFormed,
  context: FeedContext,
  { window, mostRead }: ToRead,
): Promise<RawReadEntry[] | 'too-long' | null> {
  const digestOf = createDigests([context.dialect, context.base.href, context.author?.value ?? '', ...xml.prefixes]);
  const entries = xml.entries.map((entry) => ({ ...entry, digest: digestOf(entry.source) }));
  const unread = entries.filter(({ digest }) => !window.has(digest));
  if (unread.length === 0) return entries.map(({ digest }) => ({ digest, entry: null }));
  if (unread.reduce((sum, { source }) => sum + source.length, 0) > mostRead) return 'too-long';
  const [start, end] = DOCUMENTS[xml.root];
  const pause = createPause();
  const texts = await mapInTurns(unread, ({ written }) => written(), pause);
  if (texts.includes(null)) return null;
  const output = await parsed(start + texts.join('') + end);
  // Entries are told apart by their place only: with one too few, the wrong ones would be remembered as read.
  if (output?.items.length !== unread.length) return null;
  const read = output.items.values();
  const readOne = ({ digest }: { readonly digest: string }): RawReadEntry => {
    const item = window.has(digest) ? undefined : read.next().value;
    return { digest, entry: item ? rawEntryOf(item, context) : null };
  };
  return mapInTurns(entries, readOne, pause);
}

/** A new parser for each document: after a failure an old one gives other results. */
function parsed(xml: string): Promise<Output | null> {
  const parser = new Parser<Fields, Fields>({
    defaultRSS: 2,
    customFields: { feed: rawFields(FEED_FIELDS), item: rawFields(ENTRY_FIELDS) },
    xml2js: { tagNameProcessors: [(name: string) => (STRUCTURE.has(name) ? name : RAW + name)] },
  });
  // It works synchronously, and forgets to settle when a document holds nothing: then the second promise wins.
  return Promise.race([parser.parseString(xml), Promise.resolve(null)]).catch(() => null);
}

/** rss-parser's own triples: the element, the name to keep it under, and that all of its occurrences are wanted. */
function rawFields(names: readonly string[]): string[] {
  const fields: unknown[] = names.map((name) => [RAW + name, name, { keepArray: true }]);
  return [...fields, ['$', 'attributes', { keepArray: true }]] as string[];
}

/** What entries are put in, to be read apart from the rest of their document. */
const DOCUMENTS: Readonly<Record<WellFormed['root'], readonly [start: string, end: string]>> = {
  rss: ['<rss version="2.0"><channel>', '</channel></rss>'],
  'rdf:RDF': ['<rdf:RDF><channel/>', '</rdf:RDF>'],
  feed: ['<feed>', '</feed>'],
};

function contextOf(frame: Output, xml: WellFormed, baseUrl: URL): FeedContext {
  const dialect = xml.root === 'feed' ? 'atom' : 'rss';
  return { dialect, base: baseWithin(ownAttributesOf(frame), baseUrl), author: authorOf(frame) };
}

function feedOf(frame: Output, xml: WellFormed, { dialect, base }: FeedContext): Omit<RawFeed, 'entries'> {
  const links = LINKS.flatMap((name) => nodesOf(frame, name));
  return {
    title: markupOf(frame, ['title', 'dc:title'], dialect),
    siteLinks: siteLinksOf(links),
    base,
    cutOff: xml.cutOff,
    hints: hintsOf(frame),
    hubLinks: addressesOf(links, 'hub'),
    selfLink: addressesOf(links, 'self')[0] ?? null,
  };
}

function siteLinksOf(links: readonly XmlNode[]): string[] {
  const alternate = links.filter((link) => /^(?:alternate)?$/i.test(attributeOf(link, 'rel') ?? ''));
  return alternate.flatMap((link) => [textOf(link), attributeOf(link, 'href') ?? '']).filter((link) => link !== '');
}

function addressesOf(links: readonly XmlNode[], rel: string): string[] {
  const related = links.filter((link) => attributeOf(link, 'rel')?.toLowerCase().split(/\s+/).includes(rel) ?? false);
  return related.map((link) => attributeOf(link, 'href')).filter((href) => href !== null);
}
