/** Namespaces by the prefix that nearly all feeds use for them; the empty prefix is for the feed's own vocabulary. */
const PREFIXES: ReadonlyMap<string, string> = new Map([
  ['http://www.w3.org/2005/atom', 'atom'],
  ['http://purl.org/atom/ns#', 'atom'],
  ['http://purl.org/rss/1.0/', ''],
  ['http://my.netscape.com/rdf/simple/0.9/', ''],
  ['http://channel.netscape.com/rdf/simple/0.9/', ''],
  ['http://backend.userland.com/rss2', ''],
  ['http://www.w3.org/1999/02/22-rdf-syntax-ns#', 'rdf'],
  ['http://purl.org/dc/elements/1.1/', 'dc'],
  ['http://purl.org/dc/terms/', 'dcterms'],
  ['http://purl.org/rss/1.0/modules/content/', 'content'],
  ['http://search.yahoo.com/mrss/', 'media'],
  ['http://www.itunes.com/dtds/podcast-1.0.dtd', 'itunes'],
  ['http://rssnamespace.org/feedburner/ext/1.0', 'feedburner'],
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
}

/** Names of one document. Prefixes are taken as declared once for all of it: no feed was seen to change them midway. */
export function createXmlNames(): XmlNames {
  const prefixes = new Map<string, string>();
  let isAtom = false;
  return {
    declare: (attributes) => {
      for (const [name, uri] of Object.entries(attributes)) {
        const known = PREFIXES.get(uri.trim().toLowerCase());
        if (name.startsWith('xmlns:') && known !== undefined) prefixes.set(name.slice(6).toLowerCase(), known);
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
  };
}
