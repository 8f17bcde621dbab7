import type { Entry } from '../posts/post.js';
import { discoverFeed, type Discovered, type DiscoverDeps } from './discovery/discover-feed.js';
import { addressTrouble, readFeedAddress } from './feed-address.js';
import type { FeedFailure, SeveralFeeds } from './poll-result.js';

/** A feed as it is now. */
export interface FeedPreview {
  readonly kind: 'preview';
  readonly url: URL;
  readonly title: string | null;
  readonly siteUrl: URL | null;
  readonly entries: number;
  /** The newest by date; in document order where dates are missing. */
  readonly newest: readonly Entry[];
  /** What is wrong with the feed or worth knowing, one line each. */
  readonly problems: readonly string[];
}

const SHOWN = 5;

/** Reads the feed that an address leads to and stores nothing. */
export async function previewFeed(
  deps: DiscoverDeps,
  address: string,
): Promise<FeedPreview | SeveralFeeds | FeedFailure> {
  const url = readFeedAddress(address);
  if (!url) return { kind: 'failed', text: addressTrouble(address), mayPass: false };
  const found = await discoverFeed(deps, url);
  return found.kind === 'feed' ? previewOf(found) : found;
}

function previewOf({ url, fetched, document }: Extract<Discovered, { kind: 'feed' }>): FeedPreview {
  const entries = document.entries.flatMap(({ entry }) => entry ?? []);
  const dated = entries.every(({ publishedAt }) => publishedAt !== null);
  const byDate = (a: Entry, b: Entry): number => (b.publishedAt?.getTime() ?? 0) - (a.publishedAt?.getTime() ?? 0);
  return {
    kind: 'preview',
    url,
    title: document.title,
    siteUrl: document.siteUrl,
    entries: entries.length,
    newest: (dated ? [...entries].sort(byDate) : entries).slice(0, SHOWN),
    problems: [
      ...(document.title === null ? ['it has no title'] : []),
      ...(entries.length === 0 ? ['it has no entries'] : []),
      ...(document.cutOff ? ['it breaks off: entries may be missing from its end'] : []),
      ...(fetched.movedTo ? [`it has moved for good to ${fetched.movedTo.href}: follow that address`] : []),
      ...lacking(entries, 'no date', ({ publishedAt }) => publishedAt === null),
      ...lacking(entries, 'no link', ({ link }) => link === null),
      ...lacking(entries, 'no title', ({ title }) => title === ''),
      ...lacking(entries, 'no text', ({ text }) => text === ''),
    ],
  };
}

function lacking(entries: readonly Entry[], what: string, lacks: (entry: Entry) => boolean): string[] {
  const count = entries.filter(lacks).length;
  return count > 0 ? [`${String(count)} of ${String(entries.length)} entries have ${what}`] : [];
}
