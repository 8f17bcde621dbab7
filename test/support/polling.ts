import type { Clock } from '../../src/clock.js';
import type { AddFeedDeps } from '../../src/feeds/add-feed.js';
import { parseFeed } from '../../src/feeds/reading/parse-feed.js';
import { silentLog } from './database.js';
import { startFeedServer, type FeedServer } from './feed-server.js';
import { fetcherFor } from './fetching.js';

/** A publisher, and what the product polls it with. */
export interface Polling {
  readonly server: FeedServer;
  readonly deps: AddFeedDeps;
  readonly close: () => Promise<void>;
}

/** The server is the operator's own, so it needs no courtesy. */
export async function startPolling(feeds: AddFeedDeps['feeds'], clock: Clock): Promise<Polling> {
  const server = await startFeedServer();
  const { host } = server.url('/');
  const fetcher = fetcherFor([host], { clock });
  return {
    server,
    deps: {
      feeds,
      fetchFeed: fetcher.fetchFeed,
      parseFeed,
      clock,
      random: () => 0,
      log: silentLog,
      isAllowListed: (url) => url.host === host,
    },
    close: async () => {
      await fetcher.close();
      await server.close();
    },
  };
}
