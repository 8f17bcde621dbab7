import { httpUrl } from '../../posts/http-url.js';

/** One link of a `Link` header. `type` and `title` are empty where it states none; relations are lower case. */
export interface HeaderLink {
  readonly url: URL;
  readonly rels: readonly string[];
  readonly type: string;
  readonly title: string;
}

/** Commas part links, except inside an address or a quoted text. */
const LINK_VALUE = /(?:<[^<>]*>|"(?:[^"\\]|\\.)*"|[^,])+/g;
const TARGET = /^\s*<([^<>]*)>/;
const PARAMETER = /;\s*([^\s=;"<>]+)\s*(?:=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s;"]*)))?/g;

/**
 * The links of a `Link` header (RFC 8288 §3) that speak of the document at `base` and lead to the web. A broken one
 * spoils only itself.
 */
export function parseLinkHeader(header: string, base: URL): HeaderLink[] {
  const values = header.match(LINK_VALUE) ?? [];
  return values.flatMap((value) => linkOf(value, base) ?? []);
}

/** `application/rss+xml` of `Application/RSS+XML; charset=utf-8`. */
export function mediaType(contentType: string | null | undefined): string {
  return (contentType ?? '').split(';', 1).join('').trim().toLowerCase();
}

function linkOf(value: string, base: URL): HeaderLink | null {
  const [whole = '', target] = TARGET.exec(value) ?? [];
  const url = target === undefined ? null : httpUrl(target, base);
  const parameters = parametersOf(value.slice(whole.length));
  const text = (name: string) => parameters.get(name) ?? '';
  const anchor = parameters.get('anchor');
  if (!url || (anchor !== undefined && httpUrl(anchor, base)?.href !== base.href)) return null;
  const rels = text('rel').toLowerCase().split(/\s+/);
  return { url, rels: rels.filter((rel) => rel !== ''), type: text('type'), title: text('title') };
}

/** Of parameters that repeat, the first counts. */
function parametersOf(text: string): ReadonlyMap<string, string> {
  const parameters = new Map<string, string>();
  for (const [, name = '', quoted, bare = ''] of text.matchAll(PARAMETER)) {
    const key = name.toLowerCase();
    if (!parameters.has(key)) parameters.set(key, quoted?.replaceAll(/\\(.)/g, '$1') ?? bare);
  }
  return parameters;
}
