const names = (list: string): ReadonlySet<string> => new Set(list.split(' '));

/** Elements whose content is one text: tags within them belong to the text, not to the feed. */
const TEXTS = names(
  'title description summary content content:encoded subtitle tagline body xhtml:body itunes:summary itunes:subtitle media:title media:description dc:title dc:description atom:title atom:summary atom:content atom:subtitle',
);
/** Elements that hold characters or nothing. */
const LEAVES = names(
  'link guid id pubdate published updated issued created modified date lastbuilddate category comments enclosure generator docs ttl language copyright rights managingeditor webmaster icon logo rating cloud name email uri url width height hour day',
);
/** Elements that hold others, and which; those that hold any are not listed. */
const PARENTS: ReadonlyMap<string, ReadonlySet<string>> = new Map([
  ['author', names('name email uri url')],
  ['contributor', names('name email uri url')],
  ['image', names('id url title link width height description')],
  ['textinput', names('title description name link')],
  ['skiphours', names('hour')],
  ['skipdays', names('day')],
]);
/** The vocabularies that feeds are extended by. Others are left to whom they belong. */
const EXTENSION =
  /^(?:dc|dcterms|atom|content|media|itunes|slash|wfw|sy|feedburner|thr|georss|geo|googleplay|podcast|creativecommons|cc|admin|rdf):/;
/** Holds other elements of its vocabulary. */
const EXTENSION_PARENT =
  /^(?:media:(?:group|content|credit|community)|itunes:(?:owner|category)|atom:(?:author|contributor))$/;
/** Names that HTML has too, there within other elements. */
const ALSO_HTML = names('title summary content link source image name body');
/** HTML around or between the elements of a feed: a server's warnings, a template's leftovers. */
const DECORATION = names('a b br center div em font hr i p pre small span strong table tbody td tr u');

export function isText(name: string): boolean {
  return TEXTS.has(name);
}

export function isDecoration(name: string): boolean {
  return DECORATION.has(name);
}

/** A name of a feed's vocabulary, whatever its case and prefix. */
export function isFeedName(rawName: string): boolean {
  const name = rawName.toLowerCase();
  return isField(name) || isField(name.slice(name.indexOf(':') + 1)) || /^(?:item|entry|channel|rss|feed)$/.test(name);
}

/** Whether this element, as it starts, shows that the one that is open was never closed. */
export function endsElement(name: string, open: string): boolean {
  if (!isField(name)) return false;
  const children = PARENTS.get(open);
  return children ? !children.has(name) : LEAVES.has(open) || (EXTENSION.test(open) && !EXTENSION_PARENT.test(open));
}

/** The same for a text, with so many elements open within it. */
export function endsText(name: string, depth: number): boolean {
  return isField(name) && (depth === 0 || !ALSO_HTML.has(name));
}

function isField(name: string): boolean {
  return TEXTS.has(name) || LEAVES.has(name) || PARENTS.has(name) || name === 'source' || EXTENSION.test(name);
}
