/**
 * Namespaces, without what publishers get wrong about them (protocol, a slash or hash at the end), by the prefix that
 * nearly all feeds use; the empty prefix is for the feed's own vocabulary.
 */
const PREFIXES: ReadonlyMap<string, string> = new Map([
  ['www.w3.org/2005/atom', 'atom'],
  ['purl.org/atom/ns', 'atom'],
  ['purl.org/rss/1.0', ''],
  ['purl.org/net/rss1.1', ''],
  ['my.netscape.com/rdf/simple/0.9', ''],
  ['channel.netscape.com/rdf/simple/0.9', ''],
  ['my.netscape.com/publish/formats/rss-0.91.dtd', ''],
  ['backend.userland.com/rss2', ''],
  ['backend.userland.com/rss', ''],
  ['blogs.law.harvard.edu/tech/rss', ''],
  ['www.w3.org/1999/02/22-rdf-syntax-ns', 'rdf'],
  ['purl.org/dc/elements/1.0', 'dc'],
  ['purl.org/dc/elements/1.1', 'dc'],
  ['purl.org/dc/terms', 'dcterms'],
  ['purl.org/rss/1.0/modules/content', 'content'],
  ['purl.org/rss/1.0/modules/syndication', 'sy'],
  ['search.yahoo.com/mrss', 'media'],
  ['video.search.yahoo.com/mrss', 'media'],
  ['www.itunes.com/dtds/podcast-1.0.dtd', 'itunes'],
  ['rssnamespace.org/feedburner/ext/1.0', 'feedburner'],
  ['www.w3.org/1999/xhtml', 'xhtml'],
]);

/** Roots are known whatever their prefix, and spelled as rss-parser looks for them. */
const ROOTS: ReadonlyMap<string, string> = new Map([
  ['rss', 'rss'],
  ['feed', 'feed'],
  ['rdf', 'rdf:RDF'],
]);

export interface XmlNames {
  /** Takes note of the prefixes that an element declares. */
  readonly declare: (attributes: Readonly<Record<string, string>>) => void;
  /** One spelling for one name of an element or attribute: lower case, with the usual prefix. */
  readonly of: (rawName: string) => string;
  /** What is declared so far, in one order. */
  readonly prefixes: () => string[];
}

/** Names of one document. Prefixes are taken as declared once for all of it: no feed was seen to change them midway. */
export function createXmlNames(): XmlNames {
  const prefixes = new Map<string, string>();
  let isAtom = false;
  return {
    declare: (attributes) => {
      for (const [name, uri] of Object.entries(attributes)) {
        if (!name.startsWith('xmlns:')) continue;
        const known = PREFIXES.get(bareNamespace(uri));
        if (known !== undefined) prefixes.set(name.slice(6).toLowerCase(), known);
      }
    },
    of: (rawName) => {
      const [local = '', written = ''] = rawName.toLowerCase().split(':', 2).reverse();
      const prefix = prefixes.get(written) ?? written;
      isAtom ||= local === 'feed';
      const own = ROOTS.get(local);
      if (own !== undefined) return own;
      return prefix === '' || (isAtom && prefix === 'atom') ? local : `${prefix}:${local}`;
    },
    prefixes: () => [...prefixes].map(([written, known]) => `${written}=${known}`).sort(),
  };
}

function bareNamespace(uri: string): string {
  return uri
    .trim()
    .toLowerCase()
    .replace(/^https?:\/\//, '')
    .replace(/[/#]+$/, '');
}
