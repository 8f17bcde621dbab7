import { httpUrl } from '../../posts/http-url.js';
import type { Markup, MediaLink, RawEntry } from '../../posts/raw-entry.js';
import { readDate } from './feed-date.js';
import {
  attributeOf,
  baseWithin,
  childrenOf,
  firstText,
  nodesOf,
  ownAttributesOf,
  textOf,
  type XmlNode,
} from './xml-node.js';

/** Everything an entry is read from; other elements are never handed over. */
export const ENTRY_FIELDS = [
  ...['title', 'link', 'guid', 'id', 'description', 'summary', 'content', 'content:encoded', 'body', 'xhtml:body'],
  ...['pubdate', 'published', 'issued', 'created', 'dc:date', 'dcterms:issued', 'dcterms:created', 'date'],
  ...['updated', 'modified', 'dcterms:modified', 'atom:published', 'atom:updated', 'atom:summary', 'atom:content'],
  ...['author', 'dc:creator', 'dc:author', 'itunes:author', 'atom:author', 'category', 'dc:subject', 'atom:category'],
  ...['enclosure', 'media:category'],
  ...['media:thumbnail', 'media:content', 'media:group', 'itunes:image', 'atom:link'],
  ...['dc:title', 'dc:description', 'media:title', 'media:description', 'itunes:summary', 'rdf:about'],
];

export type Dialect = 'atom' | 'rss';

/** What the document around an entry says. */
export interface FeedContext {
  readonly dialect: Dialect;
  readonly base: URL;
  /** Who wrote the entries that name nobody. */
  readonly author: Markup | null;
}

export function rawEntryOf(entry: XmlNode, feed: FeedContext): RawEntry {
  const base = baseWithin(ownAttributesOf(entry), feed.base);
  const enclosures = enclosuresOf(entry);
  return {
    guid: firstText(entry, ['guid', 'id']) ?? aboutOf(entry),
    links: linksOf(entry),
    title: markupOf(entry, ['title', 'dc:title', 'media:title'], feed.dialect),
    author: authorOf(entry) ?? feed.author,
    summary: markupOf(entry, SUMMARIES[feed.dialect], feed.dialect),
    content: markupOf(entry, ['content:encoded', 'content', 'atom:content', 'xhtml:body', 'body'], feed.dialect),
    publishedAt: dateOf(entry, PUBLISHED),
    updatedAt: dateOf(entry, UPDATED),
    tags: tagsOf(entry),
    images: imagesOf(entry, enclosures),
    enclosures,
    base: baseWithin([...nodesOf(entry, 'content'), ...nodesOf(entry, 'description')][0], base),
  };
}

const PUBLISHED = [
  'pubdate',
  'published',
  'atom:published',
  'issued',
  'dcterms:issued',
  'dc:date',
  'date',
  'created',
  'dcterms:created',
];
const UPDATED = ['updated', 'atom:updated', 'modified', 'dcterms:modified'];
const SUMMARIES: Readonly<Record<Dialect, readonly string[]>> = {
  atom: ['summary', 'description', 'media:description'],
  rss: ['description', 'summary', 'atom:summary', 'dc:description', 'itunes:summary', 'media:description'],
};

/** The first of these elements that holds anything. */
export function markupOf(parent: XmlNode, names: readonly string[], dialect: Dialect): Markup | null {
  for (const name of names) {
    for (const node of [...nodesOf(parent, name), ...groupsOf(parent).flatMap((group) => childrenOf(group, name))]) {
      const value = textOf(node);
      if (value !== '' && !/^(?:image|audio|video)\//.test(attributeOf(node, 'type') ?? ''))
        return { value, form: formOf(node, name, dialect) };
    }
  }
  return null;
}

function formOf(node: XmlNode, name: string, dialect: Dialect): Markup['form'] {
  const type = attributeOf(node, 'type');
  if (type !== null && /html/i.test(type)) return 'html';
  if (dialect === 'atom') return type === null && name !== 'title' ? 'unsure' : 'text';
  return name.endsWith('title') ? 'unsure' : 'html';
}

function dateOf(entry: XmlNode, names: readonly string[]): Date | null {
  const spellings = names.flatMap((name) => nodesOf(entry, name)).map((node) => readDate(textOf(node)));
  return spellings.find((date) => date !== null) ?? null;
}

/** Best first. A link for people comes before one for programs, and a permalink stands in for a missing link. */
function linksOf(entry: XmlNode): string[] {
  const links = [...nodesOf(entry, 'link'), ...nodesOf(entry, 'atom:link')];
  const alternate = links.filter((link) => /^(?:alternate)?$/i.test(attributeOf(link, 'rel') ?? ''));
  const permalink = nodesOf(entry, 'guid').filter((guid) => !/^false$/i.test(attributeOf(guid, 'ispermalink') ?? ''));
  const ids = [...permalink.map(textOf), ...nodesOf(entry, 'id').map(textOf), aboutOf(entry) ?? ''];
  return [
    ...[...alternate].sort(forPeopleFirst).flatMap((link) => [textOf(link), attributeOf(link, 'href') ?? '']),
    ...ids.filter((id) => httpUrl(id) !== null),
    ...nodesOf(entry, 'content').map((content) => attributeOf(content, 'src') ?? ''),
  ].filter((link) => link !== '');
}

function forPeopleFirst(a: XmlNode, b: XmlNode): number {
  const rank = (link: XmlNode) =>
    /html/i.test(attributeOf(link, 'type') ?? '') ? 0 : attributeOf(link, 'type') === null ? 1 : 2;
  return rank(a) - rank(b);
}

/** RSS 1.0 names an entry by an attribute. */
function aboutOf(entry: XmlNode): string | null {
  const about = typeof entry === 'object' ? entry['rdf:about'] : undefined;
  return typeof about === 'string' && about.trim() !== '' ? about.trim() : null;
}

export function authorOf(entry: XmlNode): Markup | null {
  const names = ['author', 'atom:author', 'dc:creator', 'dc:author', 'itunes:author']
    .map((name) =>
      nodesOf(entry, name)
        .map(personOf)
        .filter((person) => person !== ''),
    )
    .find((people) => people.length > 0);
  return names ? { value: [...new Set(names)].join(', '), form: 'text' } : null;
}

function personOf(node: XmlNode): string {
  const parts = ['name', 'atom:name', 'email', 'atom:email']
    .flatMap((part) => childrenOf(node, part))
    .map((part) => textOf(part));
  return parts.find((part) => part !== '') ?? textOf(node);
}

function tagsOf(entry: XmlNode): string[] {
  const named = ['category', 'atom:category', 'dc:subject'].flatMap((name) => nodesOf(entry, name));
  const categories = [...named, ...mediaOf(entry, 'media:category')];
  const tags = categories.map((node) => attributeOf(node, 'term') ?? attributeOf(node, 'label') ?? textOf(node));
  return [...new Set(tags.filter((tag) => tag !== ''))];
}

function enclosuresOf(entry: XmlNode): MediaLink[] {
  const linked = [...nodesOf(entry, 'link'), ...nodesOf(entry, 'atom:link')];
  const nodes = [...nodesOf(entry, 'enclosure'), ...linked.filter((link) => attributeOf(link, 'rel') === 'enclosure')];
  return [...nodes, ...mediaOf(entry, 'media:content')].flatMap(mediaLinkOf);
}

function imagesOf(entry: XmlNode, enclosures: readonly MediaLink[]): MediaLink[] {
  const within = mediaOf(entry, 'media:content').flatMap((content) => childrenOf(content, 'media:thumbnail'));
  return [
    ...[...mediaOf(entry, 'media:thumbnail'), ...within].flatMap(mediaLinkOf),
    ...enclosures.filter(({ type }) => type?.startsWith('image') ?? false),
    ...nodesOf(entry, 'itunes:image').flatMap(mediaLinkOf),
  ];
}

function mediaOf(entry: XmlNode, name: string): XmlNode[] {
  return [...nodesOf(entry, name), ...groupsOf(entry).flatMap((group) => childrenOf(group, name))];
}

function groupsOf(entry: XmlNode): XmlNode[] {
  return nodesOf(entry, 'media:group');
}

function mediaLinkOf(node: XmlNode): MediaLink[] {
  const url = attributeOf(node, 'url') ?? attributeOf(node, 'href');
  if (url === null) return [];
  const type = attributeOf(node, 'type') ?? attributeOf(node, 'medium');
  return [{ url, type, width: attributeOf(node, 'width'), height: attributeOf(node, 'height') }];
}
