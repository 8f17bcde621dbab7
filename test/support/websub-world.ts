import { later } from '../../src/clock.js';
import { createHubCallback } from '../../src/feeds/websub/hub-callback.js';
import { askHubs, createNoteHub } from '../../src/feeds/websub/ask-hubs.js';
import { parseAllowList } from '../../src/feeds/fetching/address-guard.js';
import type { FeedView } from '../../src/feeds/feed-store.js';
import { createFetcher } from '../../src/feeds/fetching/fetcher.js';
import { parseFeed } from '../../src/feeds/reading/parse-feed.js';
import { pollFeedNow, savePushed, type PollDeps, type PolledFeed } from '../../src/feeds/poll-feed.js';
import { createStores, type Stores } from '../../src/store/stores.js';
import { createWebServer } from '../../src/web/server.js';
import type { TestDatabase } from './database.js';
import { startFeedServer, type FeedServer } from './feed-server.js';
import { startHub, type Hub } from './hub.js';

/** What is stored of a subscription, as far as tests look. */
export interface StoredHub {
  readonly feed_id: string | null;
  readonly hub_url: string;
  readonly topic_url: string;
  readonly token: string;
  readonly secret: string;
  readonly state: string;
  readonly asked: string | null;
  readonly due_at: Date;
  readonly lease_until: Date | null;
  readonly trusted_since: Date | null;
  readonly distrust_until: Date | null;
  readonly dropped: number;
  readonly trouble: string | null;
}

/** A publisher, a hub and this bot, each behind a real HTTP server, on one clock that the test moves. */
export interface WebSubWorld {
  readonly publisher: FeedServer;
  readonly hub: Hub;
  readonly stores: Stores;
  readonly callbackUrl: () => URL;
  readonly clock: { now: Date };
  /** Adds the feed and polls it for the first time. */
  readonly follow: (path: string) => Promise<FeedView>;
  readonly poll: (feed: FeedView) => Promise<PolledFeed | null>;
  readonly feed: (url: URL) => Promise<FeedView>;
  /** One round of requests to hubs, and all that they cause. */
  readonly round: () => Promise<number>;
  readonly rows: () => Promise<StoredHub[]>;
  /** The only subscription. */
  readonly subscription: () => Promise<StoredHub>;
  /** Everything that was logged, as text. */
  readonly logged: () => string;
  /** Makes the next stores of a pushed body fail this often. */
  readonly failStores: (times: number) => void;
  /** A restart: nothing but the database stays. */
  readonly restart: () => Promise<void>;
  readonly close: () => Promise<void>;
}

export async function createWebSubWorld(database: TestDatabase, allowHub = true): Promise<WebSubWorld> {
  const clock = { now: new Date('2026-03-02T00:00:00Z') };
  const read = () => clock.now;
  const publisher = await startFeedServer();
  const hub = await startHub(read);
  const ports = allowHub ? [publisher.port, hub.port] : [publisher.port];
  const { allow } = parseAllowList(ports.map((port) => `127.0.0.1:${String(port)}`));
  const about = new URL('https://tidings.test');
  const fetcher = createFetcher({ allow, product: 'Tidings/test', about, clock: read });
  let stores = createStores(database.pool);
  let failures = 0;
  const lines: string[] = [];
  const note = (...line: unknown[]): void => void lines.push(JSON.stringify(line));
  const log = { debug: note, info: note, warn: note, error: note };
  const pollDeps = (): PollDeps => ({
    feeds: stores.feeds,
    fetchFeed: fetcher.fetchFeed,
    parseFeed,
    noteHub: createNoteHub(stores.hubs),
    clock: read,
    random: () => 0,
    log,
  });
  const startWeb = async (port: number) => {
    const callback = createHubCallback({
      hubs: stores.hubs,
      feeds: stores.feeds,
      savePushed: (feed, body) => {
        failures -= 1;
        return failures >= 0 ? Promise.reject(new Error('disk full')) : savePushed(pollDeps(), feed, body);
      },
      onSightings: () => undefined,
      clock: read,
      log,
    });
    const nothing = { database: () => Promise.resolve(), queue: () => Promise.resolve() };
    const options = { host: '127.0.0.1', port, routes: [], checks: nothing, log };
    const server = createWebServer({ ...options, hubs: callback });
    await server.start();
    return server;
  };
  let web = await startWeb(0);
  const rows = async () =>
    (await database.pool.query<StoredHub>('select * from hub_subscriptions order by state, hub_url, topic_url')).rows;
  const feed = async (url: URL) => {
    const found = (await stores.feeds.list()).find((one) => one.url.href === url.href);
    if (!found) throw new Error(`${url.href} is not stored`);
    return found;
  };

  return {
    publisher,
    hub,
    get stores() {
      return stores;
    },
    callbackUrl: () => new URL(web.address()),
    clock,
    follow: async (path) => {
      // Feeds of one origin are asked seconds apart.
      clock.now = later(clock.now, 5_000);
      const url = publisher.url(path);
      const [added] = await stores.feeds.add([{ url, title: null }], clock.now, clock.now);
      if (added) await pollFeedNow(pollDeps(), added.id);
      return feed(url);
    },
    poll: ({ id }) => pollFeedNow(pollDeps(), id),
    feed,
    round: async () => {
      const publicUrl = new URL(web.address());
      const deps = { hubs: stores.hubs, postForm: fetcher.postForm, publicUrl, clock: read, log };
      const asked = await askHubs(deps);
      await hub.settled();
      return asked;
    },
    rows,
    subscription: async () => {
      const [only, ...others] = await rows();
      if (!only || others.length > 0) throw new Error(`${String(others.length + (only ? 1 : 0))} subscriptions`);
      return only;
    },
    logged: () => lines.join('\n'),
    failStores: (times) => {
      failures = times;
    },
    restart: async () => {
      const { port } = new URL(web.address());
      await web.stop();
      stores = createStores(database.pool);
      web = await startWeb(Number(port));
    },
    close: async () => {
      await web.stop();
      await fetcher.close();
      await hub.close();
      await publisher.close();
    },
  };
}

/** An Atom feed; `links` go into its head. */
export function atom(titles: readonly string[], links = ''): string {
  const entries = titles.map(
    (title) => `<entry><id>urn:${title}</id><title>${title}</title><updated>2026-03-01T00:00:00Z</updated></entry>`,
  );
  return `<feed xmlns="http://www.w3.org/2005/Atom"><title>Pushed</title>${links}${entries.join('')}</feed>`;
}

export function rss(titles: readonly string[], links = ''): string {
  const items = titles.map(
    (title) => `<item><title>${title}</title><guid isPermaLink="false">urn:${title}</guid></item>`,
  );
  return `<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom"><channel><title>Pushed</title>${links}${items.join('')}</channel></rss>`;
}
