import type { Clock } from '../clock.js';
import { canonicalUrl } from '../posts/canonical-url.js';
import type { FeedStore } from './feed-store.js';
import { readOpml } from './opml.js';
import type { ImportResult } from './poll-result.js';

export interface ImportDeps {
  readonly feeds: Pick<FeedStore, 'add' | 'list'>;
  readonly clock: Clock;
}

/** Follow every feed of an OPML list that is not followed in any spelling, due at once; none is polled here. */
export async function importFeeds(deps: ImportDeps, opml: Uint8Array): Promise<ImportResult> {
  const list = readOpml(opml);
  if (!list) {
    const text = 'is not an OPML list of feeds: export one from your reader as OPML';
    return { kind: 'failed', text, mayPass: false };
  }
  const { skipped, repeated } = list;
  const followed = new Set((await deps.feeds.list()).map(({ url }) => canonicalUrl(url)));
  const fresh = list.feeds.filter(({ url }) => !followed.has(canonicalUrl(url)));
  const now = deps.clock();
  const added = fresh.length > 0 ? await deps.feeds.add(fresh, now, now) : [];
  return { kind: 'imported', added, already: list.feeds.length - added.length, repeated, skipped };
}
