import { parse } from 'tldts';
import { canonicalUrl } from '../canonical-url.js';
import { httpUrl } from '../http-url.js';

/**
 * One spelling for the addresses that a site serves one article at: for readers on telephones, from caches, with the
 * name of a file. To look for an article across feeds and never to open; what agrees by this alone is not yet the same.
 */
export function articleUrl(url: URL): string {
  const target = targetOf(url);
  const plain = new URL(canonicalUrl(target));
  plain.hostname = plainHost(plain);
  plain.pathname = plainPath(plain.pathname);
  plain.search = plainQuery(plain);
  return canonicalUrl(plain);
}

/** Redirects and caches that say in their own address where the article is. */
function targetOf(url: URL): URL {
  const { host, pathname: path } = url;
  if (GOOGLE.test(host))
    return (path === '/url' ? queryTarget(url) : path.startsWith('/amp/') ? cached(path) : null) ?? url;
  if (FACEBOOK.test(host) && path === '/l.php') return queryTarget(url) ?? url;
  return (host.endsWith('.cdn.ampproject.org') ? cached(path) : null) ?? url;
}

const GOOGLE = /^(?:www\.)?google(?:\.[a-z]{2,3}){1,2}$/;
const FACEBOOK = /^lm?\.facebook\.com$/;
const TARGETS = ['url', 'u', 'q'];

function queryTarget({ searchParams }: URL): URL | null {
  return TARGETS.map((name) => httpUrl(searchParams.get(name) ?? '')).find((target) => target !== null) ?? null;
}

/** `/c/s/host/path` for https, `/c/host/path` for http; the first part says what kind of document it is. */
function cached(path: string): URL | null {
  const target = httpUrl(`https:/${path.replace(/^\/[a-z]+(?:\/s)?(?=\/)/, '')}`);
  return target?.hostname.includes('.') ? target : null;
}

const TWIN = /^(?:(?:www\d?|m|mobile|amp)\.)+/;

/** The host without what only tells a reader's device, as long as a registrable domain is left. */
function plainHost({ hostname }: URL): string {
  const { domain } = parse(hostname);
  const plain = hostname.replace(TWIN, '');
  return domain !== null && plain.length >= domain.length ? plain : hostname;
}

const INDEX_FILE = /\/(?:index|default)\.(?:x?html?|php|aspx?|jsp)$/i;
const AMP_FOLDER = /(?<=.)\/amp\/?$/i;
const AMP_FILE = /(?<=[\w-])\.amp(?=\.html?$|$)/i;
const ESCAPE = /%([\da-f]{2})/gi;

/** What is left when nothing more can be taken away. */
function plainPath(path: string): string {
  const plain = unescaped(path)
    .replace(/\/$/, '')
    .replace(AMP_FOLDER, '')
    .replace(AMP_FILE, '')
    .replace(INDEX_FILE, '');
  return plain === path ? path : plainPath(plain);
}

/** Escapes of what needs none are undone, and the others are in upper case (RFC 3986, 6.2.2). */
function unescaped(path: string): string {
  return path.replace(ESCAPE, (escape, code: string) => {
    const character = String.fromCharCode(Number.parseInt(code, 16));
    return /[\w.~-]/.test(character) ? character : escape.toUpperCase();
  });
}

const AMP_FLAG = /^(?:amp(?:=(?:1|true|yes)?)?|outputtype=amp|amp_\w+=.*|usqp=.*)$/i;
const REFERRER = /^(?:ref|source|src|from|via)=(?<value>[^&]*)$/i;

function plainQuery({ search }: URL): string {
  const kept = search
    .slice(1)
    .split('&')
    .filter((pair) => pair !== '' && !AMP_FLAG.test(pair) && !namesReferrer(pair));
  return kept.length > 0 ? `?${kept.join('&')}` : '';
}

/** `?source=rss` and `?ref=the-site-that-links.example`. Any other value may be part of what is asked for. */
function namesReferrer(pair: string): boolean {
  const value = REFERRER.exec(pair)?.groups?.['value']?.toLowerCase();
  if (value === undefined) return false;
  const { hostname, domain, isIcann } = parse(value);
  return /^(?:rss|feed|atom)(?:$|[-_.])/.test(value) || (isIcann === true && domain !== null && hostname === value);
}
