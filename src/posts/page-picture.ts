import { Parser } from 'htmlparser2';
import { isFrontPage } from './entry-keys.js';
import { httpUrl } from './http-url.js';
import { pictureAt } from './pictures.js';

/** Heads are at the start, and pages may be endless. */
const MAX_HEAD_LENGTH = 500_000;
const CHUNK_LENGTH = 16_384;
/** Best first: Open Graph (ogp.me), the cards of X, and what came before both. */
const NAMES = ['og:image', 'og:image:secure_url', 'og:image:url', 'twitter:image', 'twitter:image:src', 'image_src'];

/** What a web page says of itself, absolute. */
export interface PageHead {
  /** Null if it names none, or only a counter of readers. */
  readonly picture: URL | null;
  /** The address that it wants to be known by; null if it names none, or only the site's front page. */
  readonly canonical: URL | null;
}

/** Reads the head alone. */
export function pageHeadOf(html: string, pageUrl: URL): PageHead {
  const head = headOf(html, pageUrl);
  return { picture: pictureOf(head), canonical: canonicalOf(head) };
}

function pictureOf({ named, base }: Head): URL | null {
  for (const name of NAMES) {
    for (const address of named.get(name) ?? []) {
      const picture = pictureAt(address, base);
      if (picture) return picture;
    }
  }
  return null;
}

const LONGEST_CANONICAL = 2_000;

function canonicalOf({ named, base }: Head): URL | null {
  const [address] = named.get('canonical') ?? [];
  const url = address === undefined ? null : httpUrl(address, base);
  return url && !isFrontPage(url) && url.href.length <= LONGEST_CANONICAL ? url : null;
}

interface Head {
  readonly named: ReadonlyMap<string, readonly string[]>;
  readonly base: URL;
}

function headOf(html: string, pageUrl: URL): Head {
  const named = new Map<string, string[]>();
  const state = { base: pageUrl, ended: false };
  const parser = new Parser({
    onopentag: (tag, attributes) => {
      state.ended ||= tag === 'body';
      if (state.ended) return;
      if (tag === 'base') state.base = httpUrl(attributes['href'] ?? '', pageUrl) ?? state.base;
      const [name, address] = namedAddress(tag, attributes);
      if ((name === 'canonical' || NAMES.includes(name)) && address !== '')
        named.set(name, [...(named.get(name) ?? []).slice(0, 9), address]);
    },
    onclosetag: (tag) => {
      state.ended ||= tag === 'head';
    },
  });
  const source = html.slice(0, MAX_HEAD_LENGTH);
  for (let at = 0; at < source.length && !state.ended; at += CHUNK_LENGTH)
    parser.write(source.slice(at, at + CHUNK_LENGTH));
  return { named, base: state.base };
}

/** Names stand in `property` or `name`, as authors like. */
function namedAddress(
  tag: string,
  attributes: Readonly<Record<string, string>>,
): readonly [name: string, address: string] {
  if (tag === 'meta')
    return [(attributes['property'] ?? attributes['name'] ?? '').trim().toLowerCase(), attributes['content'] ?? ''];
  const relations = tag === 'link' ? (attributes['rel'] ?? '').toLowerCase().split(/\s+/) : [];
  const name = ['image_src', 'canonical'].find((each) => relations.includes(each));
  return name === undefined ? ['', ''] : [name, attributes['href'] ?? ''];
}
