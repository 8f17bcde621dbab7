import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { later } from '../../src/clock.js';
import type { FeedView } from '../../src/feeds/feed-store.js';
import { openTestDatabase, type TestDatabase } from '../support/database.js';
import { respond } from '../support/feed-server.js';
import { atom, createWebSubWorld, type WebSubWorld } from '../support/websub-world.js';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
let database: TestDatabase;
let world: WebSubWorld;

beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database.drop());
beforeEach(async () => {
  await database.pool.query('truncate feeds, posts, origins, hub_subscriptions cascade');
  world = await createWebSubWorld(database);
});
afterEach(() => world.close());

const pass = (ms: number): void => {
  world.clock.now = later(world.clock.now, ms);
};

/** What the publisher shows from now on, and the hub it names there. */
function shows(titles: readonly string[], hub: URL | null = world.hub.url('/hub')): void {
  const topic = world.publisher.url('/feed');
  const link = hub && { link: [`<${topic.href}>; rel="self"`, `<${hub.href}>; rel="hub"`] };
  world.publisher.on('/feed', respond(200, { 'content-type': 'application/atom+xml', ...link }, atom(titles)));
}

async function subscribe(): Promise<FeedView> {
  shows(['Old']);
  const feed = await world.follow('/feed');
  await world.round();
  return feed;
}

const publish = (...titles: string[]) => world.hub.publish(world.publisher.url('/feed'), atom(titles));
const stored = () => world.feed(world.publisher.url('/feed'));

/** How long after a poll that brought nothing new the next one is due. */
async function pollsAgainAfterMs(feed: FeedView): Promise<number> {
  await world.poll(feed);
  return ((await stored()).nextPollAt?.getTime() ?? Infinity) - world.clock.now.getTime();
}

describe('trust', () => {
  test('a hub is trusted after its first good push, not for having verified; then the feed is polled once a day', async () => {
    const feed = await subscribe();
    expect(await stored()).toMatchObject({ pushedUntil: null });
    pass(HOUR_MS);
    expect(await pollsAgainAfterMs(feed)).toBeLessThan(DAY_MS);

    await publish('New', 'Old');
    const { lease_until: leaseUntil } = await world.subscription();
    expect(await stored()).toMatchObject({ pushedUntil: leaseUntil });
    shows(['New', 'Old']);
    pass(HOUR_MS);
    expect(await pollsAgainAfterMs(feed)).toBe(DAY_MS);
  });

  test('one entry that a poll finds first, and the feed is polled for a week as if it had no hub', async () => {
    const feed = await subscribe();
    await publish('New', 'Old');
    shows(['Unpushed', 'New', 'Old']);
    pass(DAY_MS);
    expect(await pollsAgainAfterMs(feed)).toBeLessThan(DAY_MS);
    expect(await stored()).toMatchObject({ pushedUntil: null });

    await publish('Late', 'Unpushed', 'New', 'Old');
    expect(await stored()).toMatchObject({ pushedUntil: null, posts: 4 });
    pass(7 * DAY_MS);
    await world.round();
    await publish('Later', 'Late', 'Unpushed', 'New', 'Old');
    expect((await stored()).pushedUntil).not.toBeNull();
  });

  test('a renewal prolongs trust, and a push after the lease earns none', async () => {
    await subscribe();
    await publish('New', 'Old');
    pass(5 * DAY_MS);
    await world.round();
    expect(await stored()).toMatchObject({ pushedUntil: later(world.clock.now, 10 * DAY_MS) });
    const [one] = world.hub.subscribers.values();
    pass(11 * DAY_MS);
    if (one) one.leaseUntil = Infinity;
    await publish('After', 'New', 'Old');
    expect(await stored()).toMatchObject({ posts: 3 });
    expect((await world.subscription()).trusted_since).toBeNull();
  });
});

describe('leases', () => {
  test('at half of the lease it is renewed: same callback, same secret, so the hub keeps one subscription', async () => {
    await subscribe();
    pass(5 * DAY_MS - 1_000);
    expect(await world.round()).toBe(0);
    pass(1_000);
    expect(await world.round()).toBe(1);
    const [first, second] = world.hub.requests;
    expect(second).toStrictEqual(first);
    expect(world.hub.subscribers.size).toBe(1);
    expect(await world.subscription()).toMatchObject({
      state: 'active',
      lease_until: later(world.clock.now, 10 * DAY_MS),
      due_at: later(world.clock.now, 5 * DAY_MS),
    });
  });

  test('the hub decides how long; a lease of minutes is not chased', async () => {
    world.hub.manners.leaseSeconds = 60;
    await subscribe();
    expect(await world.subscription()).toMatchObject({
      lease_until: later(world.clock.now, 60_000),
      due_at: later(world.clock.now, 5 * 60_000),
    });
  });

  test('renewals that fail leave the feed polled as before once the lease is over', async () => {
    const feed = await subscribe();
    await publish('New', 'Old');
    shows(['New', 'Old']);
    world.hub.manners.status = 500;
    for (let days = 0; days < 11; days += 1) {
      pass(DAY_MS);
      await world.round();
    }
    expect(await world.subscription()).toMatchObject({ state: 'active', trouble: 'the hub answered 500' });
    expect(await pollsAgainAfterMs(feed)).toBeLessThan(DAY_MS);
  });

  test('everything outlives a restart: verification, push, renewal', async () => {
    world.hub.manners.verify = 'never';
    await subscribe();
    await world.restart();
    world.hub.manners.verify = 'after';
    pass(HOUR_MS);
    await world.round();
    await world.restart();
    expect(await publish('New', 'Old')).toStrictEqual([200]);
    await world.restart();
    pass(5 * DAY_MS);
    expect(await world.round()).toBe(1);
    expect(await stored()).toMatchObject({ pushedUntil: later(world.clock.now, 10 * DAY_MS) });
  });
});

describe('asking', () => {
  test('a bot that moves to another address asks again at once, and trusts nothing until it is pushed to there', async () => {
    await subscribe();
    await publish('New', 'Old');
    const { hubs } = world.stores;
    await hubs.settleAddress(world.callbackUrl(), world.clock.now);
    expect(await world.round()).toBe(0);
    expect((await stored()).pushedUntil).not.toBeNull();

    await hubs.settleAddress(new URL('https://elsewhere.example/'), world.clock.now);
    expect(await stored()).toMatchObject({ pushedUntil: null });
    expect(await world.round()).toBe(1);
  });

  test('a hub is asked once, however many processes go their rounds', async () => {
    const urls = Array.from({ length: 200 }, (_, at) => world.publisher.url(`/feed/${String(at)}`));
    const { now } = world.clock;
    const { feeds, hubs } = world.stores;
    const added = await feeds.add(
      urls.map((url) => ({ url, title: null })),
      now,
      now,
    );
    for (const { id, url } of added) {
      const offered = { hubs: [world.hub.url('/hub')], topic: url };
      await hubs.want(id, { offered, baseUrl: url, token: id, secret: 's' }, now);
    }
    // Ten sessions that are open already, so that they really ask at once.
    await Promise.all(Array.from({ length: 10 }, () => database.pool.query('select pg_sleep(0.1)')));
    const claims = Array.from({ length: 10 }, () => hubs.claimDue(now, later(now, 120_000), 200, world.callbackUrl()));
    const claimed = (await Promise.all(claims)).flat();
    expect(claimed).toHaveLength(200);
  });

  test('whoever dies with a request leaves it to the next, two minutes later', async () => {
    shows(['Old']);
    await world.follow('/feed');
    await world.stores.hubs.claimDue(world.clock.now, later(world.clock.now, 120_000), 10, world.callbackUrl());
    expect(await world.round()).toBe(0);
    pass(120_000);
    expect(await world.round()).toBe(1);
    expect(await world.subscription()).toMatchObject({ state: 'active' });
  });

  test('a hub that refuses is asked again a day later, one that fails an hour later, then two', async () => {
    world.hub.manners.status = 400;
    await subscribe();
    expect(await world.subscription()).toMatchObject({
      due_at: later(world.clock.now, DAY_MS),
      trouble: 'the hub answered 400',
    });
    world.hub.manners.status = 503;
    const waitsMs = [];
    for (let round = 0; round < 3; round += 1) {
      world.clock.now = (await world.subscription()).due_at;
      await world.round();
      waitsMs.push((await world.subscription()).due_at.getTime() - world.clock.now.getTime());
    }
    expect(waitsMs).toStrictEqual([2 * HOUR_MS, 4 * HOUR_MS, 8 * HOUR_MS]);
  });

  test('a hub that says no is left alone for a week', async () => {
    world.hub.manners.denies = 'not for you';
    await subscribe();
    const denied = await world.subscription();
    expect(denied).toMatchObject({ state: 'denied', trouble: 'the hub said no: not for you' });
    world.hub.manners.denies = null;
    pass(7 * DAY_MS - HOUR_MS);
    expect(await world.round()).toBe(0);
    pass(HOUR_MS);
    await world.round();
    expect(await world.subscription()).toMatchObject({ state: 'active', trouble: null });
  });

  test('a denial ends the trust that was there', async () => {
    await subscribe();
    await publish('New', 'Old');
    world.hub.manners.denies = 'closed';
    pass(5 * DAY_MS);
    await world.round();
    expect(await stored()).toMatchObject({ pushedUntil: null });
  });

  test('a hub in a private network is never reached', async () => {
    await world.close();
    await database.pool.query('truncate feeds, posts, origins cascade');
    world = await createWebSubWorld(database, false);
    await subscribe();
    expect(world.hub.requests).toStrictEqual([]);
    expect(await world.subscription()).toMatchObject({
      state: 'asking',
      trouble: 'the hub could not be reached (blocked-address)',
    });
  });
});

describe('goodbyes', () => {
  test('a removed feed is unsubscribed: agreed when the hub asks, 410 for what it still pushes, forgotten later', async () => {
    const feed = await subscribe();
    const lasting = new Map([...world.hub.subscribers].map(([key, one]) => [key, { ...one }]));
    await world.stores.feeds.remove(feed.id);
    expect(await publish('Too late')).toStrictEqual([410]);

    await world.round();
    expect(world.hub.requests.at(-1)).toMatchObject({ mode: 'unsubscribe', secret: null, problem: null });
    expect(world.hub.verifications.at(-1)).toStrictEqual({ mode: 'unsubscribe', status: 200, agreed: true });
    expect(await world.subscription()).toMatchObject({ state: 'over', feed_id: null });
    expect(await world.round()).toBe(0);

    for (const one of lasting.values()) Object.assign(world.hub.subscribers.get(one.callback) ?? {}, { active: true });
    expect(await publish('Too late')).toStrictEqual([410]);
    pass(10 * DAY_MS);
    await world.round();
    expect(await world.rows()).toStrictEqual([]);
  });

  test('a hub that nobody asked yet hears no goodbye', async () => {
    shows(['Old']);
    const feed = await world.follow('/feed');
    await world.stores.feeds.remove(feed.id);
    expect(await world.round()).toBe(0);
    expect(await world.rows()).toStrictEqual([]);
  });

  test('"unsubscribe" is agreed to only when we asked for it', async () => {
    await subscribe();
    const { token, topic_url: topic } = await world.subscription();
    const callback = new URL(`/websub/${token}`, world.callbackUrl());
    callback.search = new URLSearchParams({
      'hub.mode': 'unsubscribe',
      'hub.topic': topic,
      'hub.challenge': 'x',
    }).toString();
    expect((await fetch(callback)).status).toBe(404);
    expect(await world.subscription()).toMatchObject({ state: 'active' });
  });

  test('a feed that names another hub moves there, and trust begins anew', async () => {
    const feed = await subscribe();
    await publish('New', 'Old');
    shows(['New', 'Old', ''], world.hub.url('/hub/two'));
    pass(DAY_MS);
    await world.poll(feed);
    expect(await stored()).toMatchObject({ pushedUntil: null });
    await world.round();
    expect(world.hub.requests.map(({ mode }) => mode).sort()).toStrictEqual(['subscribe', 'subscribe', 'unsubscribe']);
    expect((await world.rows()).map(({ hub_url: hub, state }) => [hub, state])).toStrictEqual([
      [world.hub.url('/hub/two').href, 'active'],
      [world.hub.url('/hub').href, 'over'],
    ]);
  });

  test('of several hubs the one that is subscribed to is kept, in whatever order they come', async () => {
    const feed = await subscribe();
    const links = [world.hub.url('/hub/two'), world.hub.url('/hub')].map(({ href }) => `<${href}>; rel=hub`);
    const self = `<${world.publisher.url('/feed').href}>; rel=self`;
    world.publisher.on('/feed', respond(200, { link: [self, ...links] }, atom(['New', 'Old'])));
    pass(DAY_MS);
    await world.poll(feed);
    expect(await world.subscription()).toMatchObject({ hub_url: world.hub.url('/hub').href, state: 'active' });
  });

  test('a feed that names no hub any more is polled as before', async () => {
    const feed = await subscribe();
    await publish('New', 'Old');
    shows(['New', 'Old', ''], null);
    pass(DAY_MS);
    await world.poll(feed);
    expect(await stored()).toMatchObject({ pushedUntil: null });
    await world.round();
    expect(world.hub.requests.at(-1)).toMatchObject({ mode: 'unsubscribe', problem: null });
  });
});
