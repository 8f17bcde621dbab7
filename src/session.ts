import { createQueue } from '../jobs/queue.js';
import type { CliSession } from './cli/session.js';
import type { Config } from './config.js';
import type { QueueLoad } from './deliveries/status.js';
import { addFeed, type AddFeedDeps } from './feeds/add-feed.js';
import { importFeeds } from './feeds/import-feeds.js';
import { pollByHand, pollMany } from './feeds/poll-by-hand.js';
import { previewFeed } from './feeds/preview-feed.js';
import { errorText } from './log.js';
import type { Outside } from './outside.js';
import { installationId } from './store/installation.js';
import { createStores } from './store/stores.js';
import { CATALOGUE } from './topics/catalogue.js';
import { noteHubOf } from './websub.js';

/** What a command works with. It goes through the database only, so it runs beside a bot, or without one. */
export function createSession(config: Config, outside: Outside): CliSession {
  const stores = createStores(outside.database.pool, outside.isAllowListed);
  const deps: AddFeedDeps = { ...outside, feeds: stores.feeds, noteHub: noteHubOf(config, stores) };
  return {
    ...stores,
    topics: CATALOGUE,
    clock: outside.clock,
    addFeed: (address, options) => addFeed(deps, address, options),
    previewFeed: (address) => previewFeed(deps, address),
    importFeeds: (opml) => importFeeds(deps, opml),
    pollNow: (id) => pollByHand(deps, id),
    pollMany: (ids, how) => pollMany(deps, ids, how),
    setPace: (channel, pace) => stores.channels.setPace(channel, pace),
    setPublish: (channel, publish) => stores.channels.setPublish(channel, publish),
    status: async () => ({ ...(await stores.statusOf.counts()), queue: await queueLoad(config, outside) }),
    why: (asked) => stores.whyOf.why(asked),
    close: () => outside.close(),
  };
}

/** One line of text when the queue cannot be asked: the rest of the status is worth having without it. */
async function queueLoad(config: Config, { database, log }: Outside): Promise<QueueLoad | string> {
  const prefix = `tidings-${await installationId(database.pool)}`;
  const queue = createQueue({ redisUrl: config.redisUrl, databaseUrl: database.url, prefix, log });
  try {
    await queue.start();
    return { backend: config.redisUrl === null ? 'postgres' : 'redis', ...(await queue.counts()) };
  } catch (error) {
    return errorText(error);
  } finally {
    await queue.stop();
  }
}
