import { createStages, type Stage, type StageName } from '../../jobs/stages.js';
import type { ChannelRef } from '../../src/chat/channel.js';
import type { ChatAdapter } from '../../src/chat/chat-adapter.js';
import type { Message } from '../../src/chat/message.js';
import { later } from '../../src/clock.js';
import { createVirtualClock } from '../../src/demo/virtual-clock.js';
import type { Feed } from '../../src/feeds/feed.js';
import type { Entry } from '../../src/posts/post.js';
import { createStores, type Stores } from '../../src/store/stores.js';
import { CATALOGUE } from '../../src/topics/catalogue.js';
import type { TestDatabase } from './database.js';
import { openDiscord } from './discord/open-adapter.js';
import { document, goodPoll, primedFeed } from './entries.js';
import { startPolling } from './polling.js';
import { openSlackAdapter, slackChannel } from './slack/harness.js';
import { readMessage } from './slack/reader.js';
import { startSlackServer } from './slack/slack-server.js';
import { CHANNELS } from './slack/workspace.js';

/**
 * What happens to the next edit:
 * - `throttled`: 429, for a second. `lost`: it is carried out, and the answer is lost.
 * - `failing`: 500. `no-access`: the bot may not write in the channel. `malformed`: the message is unacceptable.
 */
export type EditFault = 'throttled' | 'lost' | 'failing' | 'no-access' | 'malformed';

/** One channel of a real adapter on a local server. */
export interface EditPlatform {
  readonly adapter: ChatAdapter;
  readonly channel: ChannelRef;
  /** What a person reads, oldest first. */
  readonly texts: () => string[];
  /** Bodies of the requests that edit, as they were on the wire. */
  readonly edits: () => object[];
  readonly posts: () => number;
  readonly failEdit: (fault: EditFault, times?: number) => void;
  /** Somebody deletes all messages. */
  readonly clear: () => void;
  readonly close: () => Promise<void>;
}

export async function openSlackPlatform(): Promise<EditPlatform> {
  const server = await startSlackServer();
  const { adapter } = openSlackAdapter(server.apiUrl, { commands: 'off' });
  const faults = {
    throttled: { kind: 'throttled', retryAfterS: 1 },
    lost: { kind: 'broken', how: 'reset-after' },
    failing: { kind: 'status', status: 500 },
    'no-access': { kind: 'error', error: 'not_in_channel' },
    malformed: { kind: 'error', error: 'invalid_blocks' },
  } as const;
  return {
    adapter,
    channel: slackChannel(CHANNELS.news),
    texts: () => server.messages(CHANNELS.news).map(readMessage),
    edits: () => server.requests('chat.update').map(({ params }) => params),
    posts: () => server.requests('chat.postMessage').length,
    failEdit: (fault, times) => {
      server.fail('chat.update', faults[fault], times);
    },
    clear: () => {
      server.fail('chat.update', { kind: 'error', error: 'message_not_found' }, 9);
    },
    close: async () => {
      await adapter.stop();
      await server.close();
    },
  };
}

const EDIT_ROUTE = 'PATCH /channels/:id/messages/:id';

export async function openDiscordPlatform(): Promise<EditPlatform> {
  const { server, adapter, channel, close } = await openDiscord();
  const answer = (status: number, body: object) => ({ kind: 'answer', status, body }) as const;
  const faults = {
    throttled: {
      ...answer(429, { message: 'The resource is being rate limited.', retry_after: 1, global: false }),
      headers: { 'retry-after': '1', 'x-ratelimit-scope': 'shared' },
    },
    lost: { kind: 'reset', carriedOut: true },
    failing: answer(500, { message: '500: Internal Server Error', code: 0 }),
    'no-access': answer(403, { message: 'Missing Permissions', code: 50013 }),
    malformed: answer(400, { message: 'Invalid Form Body', code: 50035 }),
  } as const;
  return {
    adapter,
    channel,
    texts: () => server.visible(channel.channelId),
    edits: () => server.requests(EDIT_ROUTE).map(({ body }) => body as object),
    posts: () => server.requests('POST /channels/:id/messages').length,
    failEdit: (fault, times) => {
      server.fail(EDIT_ROUTE, faults[fault], times);
    },
    clear: () => {
      server.messages(channel.channelId).splice(0);
    },
    close,
  };
}

export interface EditWorld extends EditPlatform {
  readonly stores: Stores;
  /** Lets time pass, in seconds. */
  readonly pass: (seconds: number) => void;
  readonly now: () => Date;
  /** The feed that the channel follows, and another. */
  readonly feed: Feed;
  readonly other: Feed;
  /** A document of a feed, stored now. */
  readonly show: (entries: readonly Entry[], of?: Feed) => Promise<void>;
  /** Matches and delivers all that is due. */
  readonly tell: () => Promise<void>;
  /** Edits all that is due, in as many seconds as that takes. Returns how many ids were rung for. */
  readonly edit: () => Promise<number>;
  /** The messages as they were handed to the adapter to edit. */
  readonly asked: readonly Message[];
  /** How the edits stand: state and reason, oldest first. */
  readonly standing: () => Promise<string[]>;
}

/** A bot with one channel that follows everything. What the database held is removed. */
export async function openEditWorld(database: TestDatabase, open: () => Promise<EditPlatform>): Promise<EditWorld> {
  await database.pool.query('truncate feeds, posts, channels cascade');
  const platform = await open();
  const stores = createStores(database.pool);
  const clock = createVirtualClock(new Date('2026-03-02T00:00:00Z'));
  const asked: Message[] = [];
  const adapter: ChatAdapter = {
    ...platform.adapter,
    edit: (channel, messageId, message) => {
      asked.push(message);
      return platform.adapter.edit(channel, messageId, message);
    },
  };
  const polling = await startPolling(stores.feeds, clock.now);
  const adapters = new Map([[adapter.platform, adapter]]);
  const stages = createStages({ ...polling.deps, ...stores, adapters, topics: CATALOGUE });
  const feed = await primedFeed(stores.feeds, 'https://a.example/', [], clock.now());
  const other = await primedFeed(stores.feeds, 'https://b.example/', [], clock.now());
  await stores.subscriptions.add(
    { channel: platform.channel, target: { kind: 'everything' }, createdBy: 'test' },
    clock.now(),
  );
  await stores.channels.setPace(platform.channel, { perHour: null, burst: null });
  const pass = (seconds: number): void => {
    clock.moveTo(later(clock.now(), seconds * 1_000));
  };

  return {
    ...platform,
    stores,
    pass,
    now: clock.now,
    feed,
    other,
    show: async (entries, of = feed) => {
      const title = of === feed ? 'A blog' : 'B news';
      await stores.feeds.saveDocument(of, { ...document(entries), title }, () => goodPoll(clock.now()), clock.now());
    },
    tell: async () => {
      await runDue(stages, 'match');
      for (let round = 0; round < 200; round += 1) {
        // The rate of the whole bot is counted by this clock too.
        while ((await runDue(stages, 'deliver')) > 0) pass(0.1);
        const dueAt = await stores.deliveries.nextDueAt([adapter.platform]);
        if (!dueAt || dueAt > later(clock.now(), 5_000)) return;
        clock.moveTo(dueAt);
      }
    },
    edit: async () => {
      let rung = 0;
      for (let round = 0; round < 60; round += 1) {
        rung += await runDue(stages, 'edit');
        pass(2);
      }
      return rung;
    },
    asked,
    standing: async () => {
      const { rows } = await database.pool.query<{ state: string; reason: string | null }>(
        'select e.state, e.reason from edits e join deliveries d on d.id = e.delivery_id order by d.seq',
      );
      return rows.map(({ state, reason }) => (reason === null ? state : `${state}: ${reason}`));
    },
    close: async () => {
      await platform.close();
      await polling.close();
    },
  };
}

async function runDue(stages: Readonly<Record<StageName, Stage>>, name: StageName): Promise<number> {
  const ids = await stages[name].due(100);
  for (const id of ids) {
    const rings = stages[name].run(id)[Symbol.asyncIterator]();
    while (!(await rings.next()).done);
  }
  return ids.length;
}
