/** Sets elements apart from what rss-parser would interpret by itself: it finds only the structure of the feed. */
export const RAW = 'raw:';

/** An element as xml2js gives it: text alone, or text, attributes and children. */
export type XmlNode = string | Readonly<Record<string, unknown>>;

/** The elements of one name, as rss-parser hands them over; those without any content included. */
export function nodesOf(parent: XmlNode, name: string): XmlNode[] {
  const found = typeof parent === 'string' ? undefined : parent[name];
  return Array.isArray(found) ? found.filter(isNode) : [];
}

export function childrenOf(parent: XmlNode, name: string): XmlNode[] {
  return nodesOf(parent, RAW + name);
}

export function textOf(node: XmlNode | undefined): string {
  if (node === undefined) return '';
  if (typeof node === 'string') return node.trim();
  const text = node['_'];
  return typeof text === 'string' ? text.trim() : '';
}

/** Null if there is no such attribute or it is empty. */
export function attributeOf(node: XmlNode | undefined, name: string): string | null {
  const attributes = typeof node === 'object' ? node['$'] : undefined;
  const value: unknown =
    typeof attributes === 'object' && attributes !== null ? Reflect.get(attributes, name) : undefined;
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : null;
}

/** The first text that is not empty among the elements of these names, the first name first. */
export function firstText(parent: XmlNode, names: readonly string[]): string | null {
  const found = names.flatMap((name) => nodesOf(parent, name)).find((node) => textOf(node) !== '');
  return found === undefined ? null : textOf(found);
}

/** The base for relative addresses within an element (XML Base). */
export function baseWithin(node: XmlNode | undefined, base: URL): URL {
  const stated = attributeOf(node, 'xml:base');
  return stated !== null && URL.canParse(stated, base.href) ? new URL(stated, base.href) : base;
}

/** An entry or a feed as rss-parser gives it keeps its attributes under a name of our choosing. */
export function ownAttributesOf(owner: XmlNode): XmlNode {
  return { $: typeof owner === 'object' ? owner['attributes'] : undefined };
}

function isNode(value: unknown): value is XmlNode {
  return typeof value === 'string' || (typeof value === 'object' && value !== null);
}
