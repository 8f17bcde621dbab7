import { createHmac } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { later } from '../../src/clock.js';
import { openTestDatabase, type TestDatabase } from '../support/database.js';
import { respond } from '../support/feed-server.js';
import { atom, createWebSubWorld, rss, type WebSubWorld } from '../support/websub-world.js';

const DAY_MS = 86_400_000;
const ATOM = { 'content-type': 'application/atom+xml' };
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

const link = (url: URL | string, rel: string) => `<link rel="${rel}" href="${String(url)}"/>`;
const header = (hub: URL | string, self: URL | string) => ({
  ...ATOM,
  link: [`<${String(self)}>; rel="self"`, `<${String(hub)}>; rel="hub"`],
});

/** Serves a feed that names the hub in its header, follows it, and lets the hub verify. */
async function subscribe(path = '/feed', hub = world.hub.url('/hub')) {
  world.publisher.on(path, respond(200, header(hub, world.publisher.url(path)), atom(['Old'])));
  const feed = await world.follow(path);
  await world.round();
  return feed;
}

/** The topic and hub of what was asked, as the hub read it. */
function asked() {
  return world.hub.requests.map(({ topic, problem }) => ({ topic, problem }));
}

async function titles() {
  const { rows } = await database.pool.query<{ title: string }>('select title from posts order by title');
  return rows.map(({ title }) => title);
}

describe('discovery, as websub.rocks tests it', () => {
  const fine = (topic: URL) => [{ topic: topic.href, problem: null }];

  test('100: the header names hub and topic', async () => {
    await subscribe();
    expect(asked()).toStrictEqual(fine(world.publisher.url('/feed')));
    expect(await world.subscription()).toMatchObject({ state: 'active', asked: null });
  });

  test('101: a web page is no topic for a reader of feeds: its hub is not asked', async () => {
    const page = `<!doctype html><html><head>${link(world.hub.url('/hub'), 'hub')}${link(world.publisher.url('/page'), 'self')}</head></html>`;
    world.publisher.on('/page', respond(200, { 'content-type': 'text/html' }, page));
    await world.follow('/page');
    expect(await world.round()).toBe(0);
  });

  test('102: an Atom feed names them in its head', async () => {
    const links = link(world.hub.url('/hub'), 'hub') + link(world.publisher.url('/atom?page=1'), 'self');
    world.publisher.on('/atom', respond(200, ATOM, atom(['Old'], links)));
    await world.follow('/atom');
    await world.round();
    expect(asked()).toStrictEqual(fine(world.publisher.url('/atom?page=1')));
  });

  test('103: an RSS feed names them with links of Atom', async () => {
    const links = (link(world.hub.url('/hub'), 'hub') + link(world.publisher.url('/rss'), 'self')).replaceAll(
      '<link',
      '<atom:link',
    );
    world.publisher.on('/rss', respond(200, { 'content-type': 'application/rss+xml' }, rss(['Old'], links)));
    await world.follow('/rss');
    await world.round();
    expect(asked()).toStrictEqual(fine(world.publisher.url('/rss')));
  });

  test('104: where both name one, the header is believed', async () => {
    const links = link(world.hub.url('/hub?error=wrongtag'), 'hub') + link(world.publisher.url('/wrong'), 'self');
    const right = header(world.hub.url('/hub'), world.publisher.url('/both'));
    world.publisher.on('/both', respond(200, right, atom(['Old'], links)));
    await world.follow('/both');
    await world.round();
    expect(asked()).toStrictEqual(fine(world.publisher.url('/both')));
    expect(await world.subscription()).toMatchObject({ hub_url: world.hub.url('/hub').href });
  });
});

describe('subscribing, as websub.rocks tests it', () => {
  test('200: the topic is what the feed calls itself, not where it was found', async () => {
    const self = world.publisher.url('/feed?self=other');
    world.publisher.on('/feed', respond(200, header(world.hub.url('/hub'), self), atom(['Old'])));
    await world.follow('/feed');
    await world.round();
    expect(asked()).toStrictEqual([{ topic: self.href, problem: null }]);
    expect(await world.subscription()).toMatchObject({ state: 'active', topic_url: self.href });
  });

  test.each([
    [201, 302],
    [202, 301],
  ])('%i: a topic that answers %i is subscribed to where it went', async (_case, status) => {
    const target = world.publisher.url('/moved');
    world.publisher.on('/feed', respond(status, { location: '/moved' }));
    world.publisher.on('/moved', respond(200, header(world.hub.url('/hub'), target), atom(['Old'])));
    await world.follow('/feed');
    await world.round();
    expect(asked()).toStrictEqual([{ topic: target.href, problem: null }]);
  });

  test.each([
    [203, 307],
    [204, 308],
  ])('%i: a hub that answers %i is asked where it went, with the same form', async (_case, status) => {
    await subscribe('/feed', world.hub.url(`/moved/${String(status)}`));
    expect(asked()).toStrictEqual([{ topic: world.publisher.url('/feed').href, problem: null }]);
    expect(await world.subscription()).toMatchObject({ state: 'active' });
  });

  test('205: a verification for another topic is answered 404', async () => {
    world.hub.manners.verifyTopic = world.publisher.url('/feed?other').href;
    await subscribe();
    expect(world.hub.verifications).toStrictEqual([{ mode: 'subscribe', status: 404, agreed: false }]);
    expect(await world.subscription()).toMatchObject({ state: 'asking', lease_until: null });
  });

  test('a hub may verify while it still answers', async () => {
    world.hub.manners.verify = 'during';
    await subscribe();
    expect(world.hub.verifications).toMatchObject([{ agreed: true }]);
    expect(await world.subscription()).toMatchObject({
      state: 'active',
      asked: null,
      due_at: later(world.clock.now, 5 * DAY_MS),
    });
  });

  test('the form asks for ten days, with a callback nobody can guess and a secret of its own', async () => {
    await subscribe('/one');
    await subscribe('/two');
    const { requests } = world.hub;
    expect(requests).toMatchObject([
      { mode: 'subscribe', leaseSeconds: 864_000, problem: null },
      { mode: 'subscribe', leaseSeconds: 864_000, problem: null },
    ]);
    expect(new Set(requests.map(({ callback }) => callback)).size).toBe(2);
    expect(new Set(requests.map(({ secret }) => secret)).size).toBe(2);
    for (const { callback, secret } of requests) {
      expect(callback).toMatch(/\/websub\/[\w-]{43}$/);
      expect(secret).toMatch(/^[\w-]{64}$/);
    }
  });

  test('hubs of the older protocol are told to verify on their own time', async () => {
    await subscribe();
    expect(world.hub.requests).toMatchObject([{ verify: 'async', problem: null }]);
  });
});

describe('distribution, as websub.rocks tests it', () => {
  test('300: a push with a good signature is answered 2xx, and its posts are there', async () => {
    await subscribe();
    expect(await world.hub.publish(world.publisher.url('/feed'), atom(['New', 'Old']))).toStrictEqual([200]);
    expect(await titles()).toStrictEqual(['New', 'Old']);
  });

  test('301: a push with a bad signature leaves nothing', async () => {
    await subscribe();
    const statuses = await world.hub.publish(world.publisher.url('/feed'), atom(['Forged']), { signature: 'bad' });
    expect(statuses).toStrictEqual([202]);
    expect(await titles()).toStrictEqual(['Old']);
    expect(await world.subscription()).toMatchObject({ dropped: 1, trusted_since: null });
  });

  test('302: a push without a signature is refused', async () => {
    await subscribe();
    const statuses = await world.hub.publish(world.publisher.url('/feed'), atom(['Forged']), { signature: 'missing' });
    expect(statuses).toStrictEqual([403]);
    expect(await titles()).toStrictEqual(['Old']);
    expect(await world.subscription()).toMatchObject({ dropped: 1, trusted_since: null });
  });

  test.each(['sha1', 'sha256', 'sha384', 'sha512'] as const)('a hub may sign with %s', async (method) => {
    await subscribe();
    const body = atom([`By ${method}`]);
    expect(await world.hub.publish(world.publisher.url('/feed'), body, { method })).toStrictEqual([200]);
    expect(await titles()).toStrictEqual([`By ${method}`, 'Old'].sort());
  });

  test('what was pushed is known when it is polled, and pushed again it changes nothing', async () => {
    const feed = await subscribe();
    const body = atom(['New', 'Old']);
    await world.hub.publish(world.publisher.url('/feed'), body);
    await world.hub.publish(world.publisher.url('/feed'), body);
    world.publisher.on('/feed', respond(200, header(world.hub.url('/hub'), feed.url), body));
    world.clock.now = later(world.clock.now, DAY_MS);
    expect(await world.poll(feed)).toMatchObject({ kind: 'read', saved: { sightings: [], newPosts: 0 } });
    expect(await titles()).toStrictEqual(['New', 'Old']);
  });

  test('a pushed post waits to be matched, as a polled one does', async () => {
    await subscribe();
    await world.hub.publish(world.publisher.url('/feed'), atom(['New', 'Old']));
    const { rows } = await database.pool.query('select announced, matched_at from sightings where title = $1', ['New']);
    expect(rows).toStrictEqual([{ announced: true, matched_at: null }]);
  });

  test('a push that could not be stored is sent again by the hub, and is there in the end', async () => {
    await subscribe();
    world.failStores(2);
    expect(await world.hub.publish(world.publisher.url('/feed'), atom(['New']))).toStrictEqual([200]);
    expect(await titles()).toStrictEqual(['New', 'Old']);
  });

  test('a push that is no feed is taken and thrown away: sent again it would be none either', async () => {
    await subscribe();
    const body = '<!doctype html><p>Sorry</p>';
    expect(await world.hub.publish(world.publisher.url('/feed'), body)).toStrictEqual([202]);
    expect(await world.subscription()).toMatchObject({ dropped: 1, trusted_since: null });
  });
});

describe('strangers', () => {
  const call = async (token: string, init?: RequestInit) => {
    const url = new URL(`/websub/${token}`, world.callbackUrl());
    const topic = world.publisher.url('/feed').href;
    url.search = new URLSearchParams({ 'hub.mode': 'subscribe', 'hub.topic': topic, 'hub.challenge': 'x' }).toString();
    return (await fetch(url, init)).status;
  };

  test.each(['a'.repeat(43), 'a'.repeat(60), '%00', "'; drop table feeds --", '..%2f..%2fhealthz'])(
    'who guesses a callback finds nothing there: %s',
    async (token) => {
      await subscribe();
      expect(await call(token)).toBe(404);
      expect(await call(token, { method: 'POST', body: atom(['Forged']) })).toBe(404);
      expect(await titles()).toStrictEqual(['Old']);
    },
  );

  test('a body signed for one feed proves nothing at the callback of another', async () => {
    await subscribe('/one');
    await subscribe('/two');
    const [one, two] = [...world.hub.subscribers.values()];
    if (!one || !two) throw new Error('two subscriptions');
    const body = atom(['Forged']);
    const signature = `sha256=${createHmac('sha256', one.secret).update(body).digest('hex')}`;
    const headers = { 'content-type': 'application/atom+xml', 'x-hub-signature': signature };
    expect((await fetch(two.callback, { method: 'POST', body, headers })).status).toBe(202);
    expect(await titles()).not.toContain('Forged');
  });

  test('neither callback nor secret is ever logged', async () => {
    await subscribe();
    await world.hub.publish(world.publisher.url('/feed'), atom(['Forged']), { signature: 'bad' });
    await world.hub.publish(world.publisher.url('/feed'), atom(['New']));
    const { token, secret } = await world.subscription();
    expect(world.logged()).toContain('hub.pushed');
    expect(world.logged()).not.toContain(token);
    expect(world.logged()).not.toContain(secret);
  });
});
