import type { ChatAdapter } from './chat/chat-adapter.js';
import { systemClock, type Clock } from './clock.js';
import type { Config } from './config.js';
import { ConfigError } from './errors.js';
import { isAllowListed, parseAllowList } from './feeds/fetching/address-guard.js';
import type { ParseFeed } from './feeds/reading/feed-document.js';
import type { FetchFeed } from './feeds/fetching/fetch-outcome.js';
import type { FetchPage } from './feeds/fetching/fetch-page.js';
import { createFetcher, type Fetcher } from './feeds/fetching/fetcher.js';
import { createParsePool } from './feeds/reading/parse-pool.js';
import type { PostForm } from './feeds/fetching/post-form.js';
import type { Logger } from './log.js';
import { openDatabase, type Database } from './store/database.js';

/** Everything that is not ours to decide: time, chance, the network, the database, the platforms. What a test replaces. */
export interface Outside {
  readonly clock: Clock;
  /** In [0, 1). */
  readonly random: () => number;
  readonly log: Logger;
  readonly database: Database;
  readonly fetchFeed: FetchFeed;
  readonly fetchPage: FetchPage;
  readonly postForm: PostForm;
  /** How polls went and behaved, for those who watch the bot. */
  readonly figures: Pick<Fetcher, 'manners' | 'tally'>;
  /** Large documents are read in a thread. */
  readonly parseFeed: ParseFeed;
  /** Hosts of the operator's own, exempt from the address guard and from courtesy. */
  readonly isAllowListed: (url: URL) => boolean;
  readonly adapters: readonly ChatAdapter[];
  readonly close: () => Promise<void>;
}

export interface OutsideOptions {
  readonly log: Logger;
  readonly adapters: readonly ChatAdapter[];
  readonly clock?: Clock;
  readonly onProgress?: (text: string) => void;
}

const PROJECT_URL = new URL('https://tidings.example');
const VERSION = '0.1.0';

/** @throws ConfigError when the allow-list or the database is not as it should be. */
export async function openOutside(config: Config, options: OutsideOptions): Promise<Outside> {
  const { log, adapters, clock = systemClock } = options;
  const { allow, problems } = parseAllowList(config.allowHosts);
  if (problems.length > 0) throw new ConfigError(problems.map((problem) => `TIDINGS_ALLOW_HOSTS: ${problem}`));
  const about = config.http.publicUrl ?? PROJECT_URL;
  const fetcher = createFetcher({ allow, clock, product: `Tidings/${VERSION}`, about });
  const database = await openDatabase({
    databaseUrl: config.database.url,
    dataDir: config.database.dataDir,
    log,
    ...(options.onProgress && { onProgress: options.onProgress }),
  });
  const parsers = createParsePool();
  return {
    clock,
    random: Math.random,
    log,
    database,
    fetchFeed: fetcher.fetchFeed,
    fetchPage: fetcher.fetchPage,
    postForm: fetcher.postForm,
    figures: fetcher,
    parseFeed: parsers.parseFeed,
    isAllowListed: (url) => isAllowListed(url, allow),
    adapters,
    close: async () => {
      await fetcher.close();
      await parsers.close();
      await database.stop();
    },
  };
}
