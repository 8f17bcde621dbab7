import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createConsoleAdapter } from '../../adapters/console/console-adapter.js';
import { createApp, type App } from '../app.js';
import { parseChannel } from '../chat/channel.js';
import type { Config } from '../config.js';
import { pollFeedNow } from '../feeds/poll-feed.js';
import type { TopicId } from '../ids.js';
import type { Logger } from '../log.js';
import { openOutside } from '../outside.js';
import type { DemoBot, DemoTarget, StartDemoBot } from './demo-bot.js';

export interface DemoBotParts {
  /** The operator's, of which the demo takes the queue: it has a database, and nothing else, of its own. */
  readonly config: Config;
  readonly log: Logger;
  readonly style: { readonly json: boolean; readonly colour: boolean; readonly columns: number };
}

/** The sweep is the demo's to ring; in virtual time a timer means nothing. */
const NEVER_MS = 2 ** 31 - 1;
const LOOK_AGAIN_MS = 3;
/** A ring can be lost when its job is just ending; the sweep rings again. */
const RING_AGAIN_EVERY = 30;

/** Starts the real bot, with a database in a temporary folder that is gone afterwards. */
export function createStartDemoBot({ config, log, style }: DemoBotParts): StartDemoBot {
  return async (settings) => {
    const dataDir = await mkdtemp(join(tmpdir(), 'tidings-demo-'));
    const remove = () => rm(dataDir, { recursive: true, force: true });
    const demoConfig: Config = {
      ...config,
      database: { url: null, dataDir },
      roles: ['match', 'deliver'],
      allowHosts: [...config.allowHosts, ...settings.allowHosts],
      slack: null,
      discord: null,
    };
    const adapters = [createConsoleAdapter({ ...style, write: settings.write })];
    try {
      const outside = await openOutside(demoConfig, { log, adapters, ...settings });
      const app = await createApp(demoConfig, outside, { sweepEveryMs: NEVER_MS });
      await app.start();
      const stop = async () => {
        await app.stop();
        await outside.close();
        await remove();
      };
      return demoBotOf(app, dataDir, once(stop));
    } catch (error) {
      await remove();
      throw error;
    }
  };
}

function demoBotOf(app: App, dataDir: string, stop: () => Promise<void>): DemoBot {
  const { stores, pollDeps } = app;
  return {
    where: `Its database is in ${dataDir}: TIDINGS_DATA=${dataDir} npx tidings status asks it.`,
    addFeed: async (url, title) => {
      const now = pollDeps.clock();
      const [added] = await stores.feeds.add([{ url, title }], now, now);
      if (!added) throw new Error(`${url.href} was added twice`);
      return added.id;
    },
    subscribe: async (channel, what) => {
      await stores.subscriptions.add(
        { channel: parseChannel(channel), target: targetOf(what), createdBy: 'demo' },
        pollDeps.clock(),
      );
    },
    poll: async (id) => {
      const polled = await pollFeedNow(pollDeps, id);
      if (!polled) throw new Error(`feed ${id} is being polled elsewhere`);
      return polled;
    },
    settle: () => settle(app),
    nextDueAt: () => stores.deliveries.nextDueAt(['console']),
    totals: () => stores.statusOf.counts(),
    stop,
  };
}

function targetOf(what: DemoTarget): (DemoTarget & { kind: 'everything' }) | { kind: 'topic'; topicId: TopicId } {
  return what.kind === 'topic' ? { kind: 'topic', topicId: what.topicId as TopicId } : what;
}

async function settle(app: App): Promise<void> {
  for (let looks = 0; !(await isSettled(app)); looks += 1) {
    if (looks % RING_AGAIN_EVERY === 0) await app.sweepOnce();
    await sleep(LOOK_AGAIN_MS);
  }
}

/** What waits is asked before what is under way: the other way round, a message that just ended would hide the next. */
async function isSettled({ stores, pollDeps }: App): Promise<boolean> {
  const { deliveries, statusOf } = stores;
  if ((await deliveries.unmatched(pollDeps.clock(), 1)).length > 0) return false;
  const dueAt = await deliveries.nextDueAt(['console']);
  if (dueAt && dueAt <= pollDeps.clock()) return false;
  return (await statusOf.counts()).deliveries.sending === 0;
}

function once<T>(work: () => Promise<T>): () => Promise<T> {
  let result: Promise<T> | null = null;
  return () => (result ??= work());
}
