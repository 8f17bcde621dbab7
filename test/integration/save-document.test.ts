import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Feed } from '../../src/feeds/feed.js';
import type { Brought, SavedPoll } from '../../src/feeds/feed-store.js';
import type { Entry } from '../../src/posts/post.js';
import { createStores, type Stores } from '../../src/store/stores.js';
import { openTestDatabase, type TestDatabase } from '../support/database.js';
import { document, entry, goodPoll, primedFeed } from '../support/entries.js';

const NOW = new Date('2026-03-02T00:00:00Z');
let database: TestDatabase;
let stores: Stores;
let feedNumber = 0;

beforeAll(async () => {
  database = await openTestDatabase();
  stores = createStores(database.pool);
});
afterAll(() => database.drop());

async function feedWith(...backlog: Entry[]): Promise<Feed> {
  feedNumber += 1;
  return primedFeed(stores.feeds, `https://feed${String(feedNumber)}.example/rss`, backlog, NOW);
}

function poll(feed: Feed, ...entries: Entry[]): Promise<SavedPoll> {
  return stores.feeds.saveDocument(feed, document(entries), () => goodPoll(NOW), NOW);
}

async function titlesOf(saved: SavedPoll): Promise<string[]> {
  const unmatched = await stores.deliveries.unmatched(NOW, 1_000);
  return saved.sightings.map((id) => unmatched.find((one) => one.id === id)?.post.title ?? 'matched already');
}

test('a first poll stores its backlog and announces nothing; the next new entry is announced', async () => {
  await stores.feeds.add([{ url: new URL('https://first.example/rss'), title: null }], NOW, NOW);
  const unpolled = await stores.feeds.byUrl(new URL('https://first.example/rss'));
  if (!unpolled) throw new Error('not stored');
  const first = await poll(unpolled, entry('First one'), entry('First two'));
  expect(first).toMatchObject({ newPosts: 2, sightings: [] });

  const primed = await stores.feeds.byUrl(unpolled.url);
  if (!primed) throw new Error('not stored');
  expect(await titlesOf(await poll(primed, entry('First three'), entry('First one'), entry('First two')))).toEqual([
    'First three',
  ]);
});

test('the first entry of a feed that was empty when it was added is announced', async () => {
  const feed = await feedWith();
  expect(await titlesOf(await poll(feed, entry('After the silence')))).toEqual(['After the silence']);
});

test('a site that is rebuilt with other guids and another scheme announces nothing again', async () => {
  const names = ['Rebuilt alpha', 'Rebuilt beta', 'Rebuilt gamma'];
  const feed = await feedWith(...names.map((name) => entry(name)));
  const rebuilt = names.map((name) =>
    entry(name, {
      guid: `https://blog.example/?p=${name}`,
      link: new URL(`http://blog.example/posts/${name.toLowerCase().replace(' ', '-')}/`),
    }),
  );
  const saved = await poll(feed, ...rebuilt);
  expect(saved).toMatchObject({ newPosts: 0, sightings: [], withheld: { rebuilt: 3 } });
  expect(await poll(feed, ...rebuilt)).toMatchObject({ newPosts: 0, withheld: { rebuilt: 0 } });
});

test('a site that moves to another domain with other guids announces nothing again', async () => {
  const feed = await feedWith(entry('Moved house today'), entry('Moved garden today'));
  const moved = ['Moved house today', 'Moved garden today'].map((name) =>
    entry(name, { guid: `new-${name}`, link: new URL(`https://new.example/${name.replaceAll(' ', '_')}`) }),
  );
  expect(await poll(feed, ...moved)).toMatchObject({ newPosts: 0, sightings: [] });
});

test('a corrected headline under the same guid or link is the same post', async () => {
  const guided = await feedWith(
    entry('Outtage in Zurich', { guid: 'one', link: new URL('https://blog.example/zurich') }),
  );
  expect(
    await poll(guided, entry('Outage in Zurich', { guid: 'one', link: new URL('https://blog.example/zurich') })),
  ).toMatchObject({ newPosts: 0 });

  const linked = await feedWith(
    entry('Draft headline', { guid: null, link: new URL('https://blog.example/headline') }),
  );
  expect(
    await poll(
      linked,
      entry('Something else entirely', { guid: null, link: new URL('https://blog.example/headline?utm_source=rss') }),
    ),
  ).toMatchObject({ newPosts: 0 });
});

test('two articles that share a guid, or a link, are two', async () => {
  const shared = { link: new URL('https://blog.example/') };
  const feed = await feedWith(entry('Monday notes', { ...shared, guid: 'day' }));
  const saved = await poll(
    feed,
    entry('Tuesday is about optics', { ...shared, guid: 'day', publishedAt: new Date('2026-03-03T08:00:00Z') }),
    entry('Monday notes', { ...shared, guid: 'day' }),
  );
  expect(await titlesOf(saved)).toEqual(['Tuesday is about optics']);
});

test('releases with numbers of their own are different articles', async () => {
  const page = { guid: null, link: new URL('https://blog.example/releases#latest') };
  const feed = await feedWith(entry('Release 1.2 of routerd', page));
  const next = entry('Release 1.3 of routerd', { guid: 'r13', link: new URL('https://blog.example/releases/13') });
  expect(await poll(feed, next, entry('Release 1.2 of routerd', page))).toMatchObject({ newPosts: 1 });
});

test('what another poller stored since the document was read counts as unchanged', async () => {
  const feed = await feedWith(entry('Overtaken one'), entry('Overtaken two'));
  let brought: Brought | null = null;
  const recordOf = (what: Brought) => {
    brought = what;
    return goodPoll(NOW);
  };
  const read = document([entry('Overtaken one'), entry('Overtaken two')]);
  expect(await stores.feeds.saveDocument(feed, read, recordOf, NOW)).toMatchObject({ newPosts: 0, sightings: [] });
  expect(brought).toMatchObject({ newSightings: 0, edited: 0, known: 2 });
});

test('an entry that stands twice in one document is announced once', async () => {
  const feed = await feedWith();
  expect(await poll(feed, entry('Double trouble'), entry('Double trouble'))).toMatchObject({ newPosts: 1 });
});

test('an article that another feed brought is one post with two sightings, and the second feed announces it too', async () => {
  const [one, two] = [await feedWith(), await feedWith()];
  const first = await poll(one, entry('Shared between feeds'));
  const second = await poll(two, entry('Shared between feeds', { guid: 'planet-17' }));
  expect(second).toMatchObject({ newPosts: 0, withheld: { elsewhere: 1 } });
  const unmatched = await stores.deliveries.unmatched(NOW, 1_000);
  const posts = unmatched
    .filter(({ id }) => [...first.sightings, ...second.sightings].includes(id))
    .map(({ post }) => post.id);
  expect(posts).toHaveLength(2);
  expect(new Set(posts).size).toBe(1);
});

test('two feeds that bring one article at the same moment still make one post', async () => {
  const feeds = await Promise.all(Array.from({ length: 6 }, () => feedWith()));
  const saved = await Promise.all(feeds.map((feed) => poll(feed, entry('Racing home with the news'))));
  expect(saved.map(({ newPosts }) => newPosts).sort((a, b) => a - b)).toEqual([0, 0, 0, 0, 0, 1]);
});

test('several new entries are announced in the order of publication, whatever their order in the document', async () => {
  const feed = await feedWith();
  const at = (hour: number) => ({ publishedAt: new Date(Date.UTC(2026, 2, 2, hour)) });
  const saved = await poll(feed, entry('Noon story', at(12)), entry('Dawn story', at(6)), entry('Night story', at(23)));
  expect(await titlesOf(saved)).toEqual(['Dawn story', 'Noon story', 'Night story']);
});

test('hostile text is stored without harm', async () => {
  const feed = await feedWith();
  const saved = await poll(
    feed,
    entry(`'; drop table posts; -- ${'x'.repeat(5_000)}`, {
      text: 'a\u0007b '.repeat(200_000),
      tags: ['{"a"}', "b',c"],
    }),
  );
  expect(saved.newPosts).toBe(1);
});

describe('the window of a feed', () => {
  const windowOf = async (feed: Feed) => (await stores.feeds.window(feed.id)).size;
  const unread = (entries: readonly Entry[]) =>
    document(entries).entries.map(({ digest }) => ({ digest, entry: null }));

  test('entries that stand as they stood need not be read again, and what is new beside them is announced', async () => {
    const backlog = [entry('Window one'), entry('Window two')];
    const feed = await feedWith(...backlog);
    expect(await windowOf(feed)).toBe(2);
    const news = document([entry('Window three')]);
    const both = { ...news, entries: [...news.entries, ...unread(backlog)] };
    const saved = await stores.feeds.saveDocument(feed, both, () => goodPoll(NOW), NOW);
    expect(await titlesOf(saved)).toEqual(['Window three']);
    expect(await windowOf(feed)).toBe(3);
  });

  test('is what the last whole document showed; a partial one adds to it', async () => {
    const feed = await feedWith(entry('Shown one'), entry('Shown two'));
    await poll(feed, entry('Shown three'), entry('Shown two'));
    expect(await windowOf(feed)).toBe(2);
    const pushed = { ...document([entry('Shown four')]), partial: true };
    expect(await titlesOf(await stores.feeds.saveDocument(feed, pushed, null, NOW))).toEqual(['Shown four']);
    expect(await windowOf(feed)).toBe(3);
  });

  test('two entries that resemble each other stay two when one of them is not read again', async () => {
    const old = entry('Governance update', { guid: 'g1', link: new URL('https://blog.example/g1') });
    const next = entry('Governance update', { guid: 'g2', link: new URL('https://blog.example/g2') });
    const feed = await feedWith(old);
    const news = document([next]);
    const both = { ...news, entries: [...news.entries, ...unread([old])] };
    expect(await titlesOf(await stores.feeds.saveDocument(feed, both, () => goodPoll(NOW), NOW))).toHaveLength(1);
  });

  test('nothing in common with the last one is a possible gap, told with the news; a rebuilt site is none', async () => {
    const feed = await feedWith(entry('Gap one'), entry('Gap two'));
    expect(await poll(feed, entry('Gap two', { guid: 'other', link: null }))).toMatchObject({ gap: false });
    expect(await poll(feed)).toMatchObject({ gap: false });
    expect(await poll(feed, entry('Gap two'))).toMatchObject({ gap: false });
    expect(await poll(feed, entry('Gap eight'), entry('Gap nine'))).toMatchObject({ gap: true, newPosts: 2 });
  });
});

test('a push leaves the schedule and the validators as they are, and is remembered as news', async () => {
  const feed = await feedWith(entry('Push backlog'));
  await stores.feeds.saveOutcome(feed, goodPoll(NOW, { validators: { etag: '"1"', lastModified: null } }), NOW);
  const before = await stores.feeds.get(feed.id);
  const pushed = { ...document([entry('Pushed')]), title: null, bodyHash: null, partial: true };
  await stores.feeds.saveDocument(feed, pushed, null, NOW);
  expect(await stores.feeds.get(feed.id)).toEqual({ ...before, newAt: [NOW] });
});

test('a poll that was under way when a hub pushed does not forget what was pushed', async () => {
  const feed = await feedWith(entry('Under way'));
  await stores.feeds.saveDocument(feed, { ...document([entry('Pushed meanwhile')]), partial: true }, null, NOW);
  await stores.feeds.saveOutcome(feed, goodPoll(NOW, { newAt: feed.newAt }), NOW);
  expect(await stores.feeds.get(feed.id)).toMatchObject({ newAt: [NOW] });
});

test('a feed is followed at its new address once that is believed, unless that is followed already', async () => {
  const feed = await feedWith(entry('Moving'));
  const move = { to: new URL('https://new.example/moved'), polls: 10, since: NOW };
  const record = () => goodPoll(NOW, { validators: { etag: '"old"', lastModified: null }, move, adopt: move.to });
  await stores.feeds.saveDocument(feed, document([entry('Moving')]), record, NOW);
  expect(await stores.feeds.get(feed.id)).toMatchObject({
    url: move.to,
    move: null,
    validators: { etag: null, lastModified: null },
  });
  const other = await feedWith(entry('Staying'));
  await stores.feeds.saveDocument(other, document([entry('Staying')]), record, NOW);
  expect((await stores.feeds.get(other.id))?.url.href).toBe(other.url.href);
});

test('what no database can store is left out of a text, not the text out of the database', async () => {
  const feed = await feedWith();
  const odd = entry('Half \ud83d a pair', { guid: 'nul\0guid', text: 'a\0b \udc00', tags: ['\ud800'] });
  expect(await titlesOf(await poll(feed, odd))).toEqual(['Half  a pair']);
  expect((await poll(feed, odd)).newPosts).toBe(0);
});

test('a release that makes its keys another way tells nothing again, in this feed or in others', async () => {
  const names = ['Keyed alpha', 'Keyed beta', 'Keyed gamma'];
  const feed = await feedWith();
  const other = await feedWith();
  await poll(feed, ...names.map((name) => entry(name)));
  await database.pool.query('update feeds set keys_version = 0 where id = $1', [feed.id]);
  await database.pool.query("update entry_keys set key = sha256(key || 'old') where feed_id = $1", [feed.id]);
  await database.pool.query(
    'update article_keys set key = key + 1 where post_id in (select post_id from sightings where feed_id = $1)',
    [feed.id],
  );
  const edited = names.map((name) => entry(name, { text: `${name}, with words that nobody had written before.` }));
  expect(await poll(feed, ...edited)).toMatchObject({ sightings: [], newPosts: 0 });
  expect(await poll(other, ...edited)).toMatchObject({ newPosts: 0, withheld: { elsewhere: 3 } });
});

describe('what is stored of an entry stays as it was', () => {
  const TEXT = 'A text with more than a few words, so that it is told from all others by itself.';
  const linkOf = async (title: string): Promise<string | undefined> => {
    const stored = 'select url from posts where title = $1';
    return (await database.pool.query<{ url: string }>(stored, [title])).rows[0]?.url;
  };

  test('when the document shows it a second time at another address', async () => {
    const first = entry('Stays alpha', { text: TEXT });
    const feed = await feedWith(first);
    const copy = { ...first, guid: 'copy', link: new URL('https://blog.example/archive/stays-alpha') };
    expect(await poll(feed, copy, first)).toMatchObject({ sightings: [], newPosts: 0 });
    expect(await linkOf('Stays alpha')).toBe(first.link?.href);
    expect(await poll(feed, copy)).toMatchObject({ sightings: [], newPosts: 0 });
  });

  test('until only the copy is left, or the site is rebuilt', async () => {
    const first = entry('Stays gamma', { text: TEXT });
    const feed = await feedWith(first);
    const moved = { ...first, guid: 'moved', link: new URL('https://blog.example/moved/stays-gamma') };
    expect(await poll(feed, moved)).toMatchObject({ sightings: [], newPosts: 0 });
    expect(await linkOf('Stays gamma')).toBe(moved.link.href);
  });

  test('when its site was built on the machine of its author', async () => {
    const first = entry('Stays beta', { text: TEXT });
    const feed = await feedWith(first);
    const local = new URL(first.link?.pathname ?? '', 'http://localhost:4000/');
    await poll(feed, { ...first, guid: local.href, link: local, text: `${TEXT} Edited.` });
    expect(await linkOf('Stays beta')).toBe(first.link?.href);
  });
});
