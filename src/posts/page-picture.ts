import { Parser } from 'htmlparser2';
import { httpUrl } from './http-url.js';
import { pictureAt } from './pictures.js';

/** Heads are at the start, and pages may be endless. */
const MAX_HEAD_LENGTH = 500_000;
const CHUNK_LENGTH = 16_384;
/** Best first: Open Graph (ogp.me), the cards of X, and what came before both. */
const NAMES = ['og:image', 'og:image:secure_url', 'og:image:url', 'twitter:image', 'twitter:image:src', 'image_src'];

/**
 * The picture by which a web page wants to be shown, absolute. Null if it names none, or only a counter of readers.
 * Reads the head alone.
 */
export function pagePictureOf(html: string, pageUrl: URL): URL | null {
  const { named, base } = headOf(html, pageUrl);
  for (const name of NAMES) {
    for (const address of named.get(name) ?? []) {
      const picture = pictureAt(address, base);
      if (picture) return picture;
    }
  }
  return null;
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
      const [name, address] = namedPicture(tag, attributes);
      if (NAMES.includes(name) && address !== '') named.set(name, [...(named.get(name) ?? []).slice(0, 9), address]);
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
function namedPicture(
  tag: string,
  attributes: Readonly<Record<string, string>>,
): readonly [name: string, address: string] {
  if (tag === 'meta')
    return [(attributes['property'] ?? attributes['name'] ?? '').trim().toLowerCase(), attributes['content'] ?? ''];
  const isPicture = tag === 'link' && /(?:^|\s)image_src(?:\s|$)/i.test(attributes['rel'] ?? '');
  return isPicture ? ['image_src', attributes['href'] ?? ''] : ['', ''];
}
