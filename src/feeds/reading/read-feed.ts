import { createPause } from '../../turns.js';
import { decodeBody } from './decode-body.js';
import type { FeedBody, ParseOutcome, Window } from './feed-document.js';
import { readJsonFeed } from './json-feed.js';
import type { RawFeed } from './raw-feed.js';
import { readXmlFeed } from './read-xml-feed.js';
import { repairXml } from './repair-xml.js';

export type ReadOutcome =
  { readonly kind: 'read'; readonly feed: RawFeed } | Extract<ParseOutcome, { readonly kind: 'not-a-feed' }>;

/**
 * An RSS, Atom or JSON feed before anything is cleaned: what the publisher wrote. Never rejects for that. Everybody else
 * has a turn between its steps.
 */
export function readFeed({ bytes, contentType, baseUrl }: FeedBody, window: Window): Promise<ReadOutcome> {
  const pause = createPause();
  const text = decodeBody(bytes, contentType).trimStart();
  if (text.startsWith('{')) {
    return pause()
      .then(() => readJsonFeed(text, baseUrl, window))
      .then((feed) => (feed ? { kind: 'read', feed } : { kind: 'not-a-feed', looksLike: 'other' }));
  }
  const repaired = repairXml(text);
  if (repaired.kind !== 'xml') return Promise.resolve({ kind: 'not-a-feed', looksLike: repaired.kind });
  return pause()
    .then(() => readXmlFeed(repaired, baseUrl, window))
    .then((feed) => (feed ? { kind: 'read', feed } : { kind: 'not-a-feed', looksLike: 'broken-xml' }));
}
