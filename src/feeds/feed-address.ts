import { httpUrl } from '../posts/http-url.js';
import type { Feed } from './feed.js';
import type { FeedStore } from './feed-store.js';

/**
 * An address as people type and paste it, without its fragment, which servers never see: in full, as a bare host and
 * path (taken as https, or as http with a port of its own), in angle
 * brackets, or with a scheme that only feed readers know (`feed:`). Null for anything
 * else, an address with a user name among it.
 */
export function readFeedAddress(typed: string): URL | null {
  const text = typed.trim().replace(/^<(.*)>$/, '$1');
  const address = text.replace(/^feed:(?:\/\/)?(?=https?:\/\/)/i, '').replace(/^(?:feed|rss):(?=\/\/)/i, 'https:');
  const isFull = /^[a-z][a-z0-9+.-]*:\/\//i.test(address);
  const url =
    isFull || isBareAddress(address)
      ? httpUrl(isFull ? address : `${hasOwnPort(address) ? 'http' : 'https'}://${address}`)
      : null;
  if (url?.username !== '' || url.password !== '') return null;
  url.hash = '';
  return isStorable(url) ? url : null;
}

/** A key of a database index has no room for much more. */
const MAX_LENGTH = 2_000;

/** Short enough for a feed to be known by. */
export function isStorable(url: URL): boolean {
  return url.href.length <= MAX_LENGTH;
}

/** What to say of a text that is no address to follow, on one line; a password in it is not repeated. */
export function addressTrouble(typed: string): string {
  return /^\s*<?(?:[a-z][a-z0-9+.-]*:\/\/)?[^/?#\s]*:[^/?#\s]*@/i.test(typed)
    ? 'an address with a user name and password cannot be followed. Leave them out'
    : typed.length > MAX_LENGTH
      ? `an address of more than ${String(MAX_LENGTH)} characters cannot be followed. Look for a shorter one`
      : `"${typed}" is not a web address. Write it like https://example.org/feed.xml`;
}

/** `example.org/feed` or `rsshub:1200/feed`; a word alone names no host. */
function isBareAddress(text: string): boolean {
  return /^[^\s/?#@]+(?:\.[^\s/?#@]|:\d)[^\s@]*$/.test(text);
}

/** What stands on a port of its own seldom speaks TLS there. */
function hasOwnPort(address: string): boolean {
  return /^[^/?#]*:(?!443(?:\D|$))\d/.test(address);
}

/** The feed that is followed at this address, whatever its scheme and whether or not it ends in a slash. */
export async function followedAt(feeds: Pick<FeedStore, 'byUrl'>, url: URL): Promise<Feed | null> {
  for (const spelling of spellingsOf(url)) {
    const feed = await feeds.byUrl(spelling);
    if (feed) return feed;
  }
  return null;
}

/** The address as it is, then with the other scheme, then each with or without a slash at the end of its path. */
function spellingsOf(url: URL): URL[] {
  const schemes = [url, changed(url, 'protocol', url.protocol === 'https:' ? 'http:' : 'https:')];
  const path = url.pathname.endsWith('/') ? url.pathname.slice(0, -1) : `${url.pathname}/`;
  return [...schemes, ...(url.pathname === '/' ? [] : schemes.map((each) => changed(each, 'pathname', path)))];
}

function changed(url: URL, part: 'protocol' | 'pathname', value: string): URL {
  const other = new URL(url);
  other[part] = value;
  return other;
}
