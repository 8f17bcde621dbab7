import { entryFrom, siteUrlFrom, titleFrom } from '../../posts/from-entry.js';
import { httpUrl } from '../../posts/http-url.js';
import { mapInTurns } from '../../turns.js';
import type { FeedBody, FeedDocument, ParseFeed, ParseOutcome, Window } from './feed-document.js';
import type { RawFeed } from './raw-feed.js';
import { readFeed, type TooLong } from './read-feed.js';

/** The entries of an RSS, Atom or JSON feed, cleaned: those that are not in the window. */
export const parseFeed: ParseFeed = (body, window) =>
  parseUpTo(body, window, Infinity).then((outcome) =>
    outcome.kind === 'too-long' ? { kind: 'not-a-feed', looksLike: 'beyond-bounds' } : outcome,
  );

/** The same, unless more than so many characters are new. */
export function parseUpTo(body: FeedBody, window: Window, mostRead: number): Promise<ParseOutcome | TooLong> {
  return readFeed(body, window, mostRead).then((read) =>
    read.kind === 'read' ? documentFrom(read.feed).then((document) => ({ kind: 'parsed', document })) : read,
  );
}

/** A thousand entries are cleaned a turn at a time: small documents are read where everything else runs too. */
function documentFrom(feed: RawFeed): Promise<FeedDocument> {
  const cleaned = mapInTurns(feed.entries, ({ digest, entry }) => ({ digest, entry: entry && entryFrom(entry) }));
  return cleaned.then((entries) => ({
    title: titleFrom(feed.title),
    siteUrl: siteUrlFrom(feed.siteLinks, feed.base),
    entries,
    cutOff: feed.cutOff,
    hints: feed.hints,
    hubs: distinctUrls(feed.hubLinks, feed.base),
    selfUrl: feed.selfLink === null ? null : httpUrl(feed.selfLink, feed.base),
  }));
}

function distinctUrls(links: readonly string[], base: URL): URL[] {
  const urls = links.map((link) => httpUrl(link, base)).filter((url) => url !== null);
  return [...new Map(urls.map((url) => [url.href, url])).values()];
}
