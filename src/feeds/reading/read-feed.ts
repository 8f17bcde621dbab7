import { createPause } from '../../turns.js';
import { decodeBody } from './decode-body.js';
import type { FeedBody, ParseOutcome, Window } from './feed-document.js';
import { readJsonFeed } from './json-feed.js';
import type { RawFeed } from './raw-feed.js';
import { readXmlFeed } from './read-xml-feed.js';
import { repairXml } from './repair-xml.js';

export type ReadOutcome =
  { readonly kind: 'read'; readonly feed: RawFeed } | TooLong | Extract<ParseOutcome, { readonly kind: 'not-a-feed' }>;

/** More of the document is new than was to be read. */
export interface TooLong {
  readonly kind: 'too-long';
}

export const TOO_LONG: TooLong = { kind: 'too-long' };

/**
 * An RSS, Atom or JSON feed before anything is cleaned: what the publisher wrote. Never rejects for that. Everybody else
 * has a turn between its steps. `mostRead`: so many characters at most, besides those of entries in the window.
 */
export function readFeed(
  { bytes, contentType, baseUrl }: FeedBody,
  window: Window,
  mostRead = Infinity,
): Promise<ReadOutcome> {
  const pause = createPause();
  const text = decodeBody(bytes, contentType).trimStart();
  if (text.startsWith('{')) {
    if (text.length > mostRead) return Promise.resolve(TOO_LONG);
    return pause()
      .then(() => readJsonFeed(text, baseUrl, window))
      .then((feed) => (feed ? { kind: 'read', feed } : { kind: 'not-a-feed', looksLike: 'other' }));
  }
  const repaired = repairXml(text, mostRead);
  if (repaired.kind === 'too-long') return Promise.resolve(TOO_LONG);
  if (repaired.kind !== 'xml') return Promise.resolve({ kind: 'not-a-feed', looksLike: repaired.kind });
  return pause()
    .then(() => readXmlFeed(repaired, baseUrl, { window, mostRead }))
    .then((read) => {
      if (read === 'too-long') return TOO_LONG;
      return read ? { kind: 'read', feed: read } : { kind: 'not-a-feed', looksLike: 'broken-xml' };
    });
}
