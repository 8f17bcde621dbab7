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
  const { hostname: host, pathname: path } = url;
  const isGoogle = /^(?:www\.)?google(?:\.[a-z]{2,3}){1,2}$/.test(host);
  if (isGoogle && path === '/url') return queryTarget(url, ['url', 'q']) ?? url;
  if (isGoogle && path.startsWith('/amp/')) return pathTarget(path.slice('/amp'.length)) ?? url;
  if (/^lm?\.facebook\.com$/.test(host) && path === '/l.php') return queryTarget(url, ['u']) ?? url;
  if (host.endsWith('.cdn.ampproject.org')) return pathTarget(path.replace(/^\/[a-z]+(?=\/)/, '')) ?? url;
  return url;
}

function queryTarget(url: URL, names: readonly string[]): URL | null {
  for (const name of names) {
    const target = httpUrl(url.searchParams.get(name) ?? '');
    if (target) return target;
  }
  return null;
}

/** `/s/host/path` for https, `/host/path` for http. */
function pathTarget(path: string): URL | null {
  const target = httpUrl(`https:/${path.replace(/^\/s(?=\/)/, '')}`);
  return target?.hostname.includes('.') ? target : null;
}

const TWIN = /^(?:www\d?|m|mobile|amp)\./;

/** The host without what only tells a reader's device, as long as a registrable domain is left. */
function plainHost({ hostname }: URL): string {
  const { domain } = parse(hostname);
  const plain = hostname.replace(TWIN, '');
  return domain !== null && plain.length >= domain.length ? plain : hostname;
}

const INDEX_FILE = /\/(?:index|default)\.(?:x?html?|php|aspx?|jsp)$/i;
const AMP_FOLDER = /(?<=.)\/amp(?:\/index\.html)?$/i;
const AMP_FILE = /\.amp(?=\.html?$|$)/i;
const ESCAPE = /%([\da-f]{2})/gi;

/** Escapes of what needs none are undone, and the others are in upper case (RFC 3986, 6.2.2). */
function plainPath(path: string): string {
  return path
    .replace(AMP_FOLDER, '')
    .replace(AMP_FILE, '')
    .replace(INDEX_FILE, '')
    .replace(ESCAPE, (escape, code: string) => {
      const character = String.fromCharCode(Number.parseInt(code, 16));
      return /[\w.~-]/.test(character) ? character : escape.toUpperCase();
    });
}

const AMP_FLAG = /^(?:amp(?:=(?:1|true|yes)?)?|outputtype=amp)$/i;
const REFERRER = /^(?:ref|source|src|from|via)=(?<value>[^&]*)$/i;

function plainQuery({ search, hostname }: URL): string {
  const kept = search
    .slice(1)
    .split('&')
    .filter((pair) => pair !== '' && !AMP_FLAG.test(pair) && !namesReferrer(pair, hostname));
  return kept.length > 0 ? `?${kept.join('&')}` : '';
}

/** `?source=rss` and `?ref=its-own-site.example`. Any other value may be part of what is asked for. */
function namesReferrer(pair: string, host: string): boolean {
  const value = REFERRER.exec(pair)?.groups?.['value']?.toLowerCase();
  if (value === undefined) return false;
  if (/^(?:rss|feed|atom)(?:$|[-_.])/.test(value)) return true;
  const { domain, isIcann } = parse(value);
  return isIcann === true && domain !== null && domain === parse(host).domain;
}
