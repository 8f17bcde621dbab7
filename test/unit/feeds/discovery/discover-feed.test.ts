import { expect, test } from '@jest/globals';
import { discoverFeed, type Discovered } from '../../../../src/feeds/discovery/discover-feed.js';
import { NO_VALIDATORS } from '../../../../src/feeds/feed.js';
import type { FetchFeed, FetchOutcome } from '../../../../src/feeds/fetching/fetch-outcome.js';
import { parseFeed } from '../../../../src/feeds/reading/parse-feed.js';

const FEED = '<rss version="2.0"><channel><title>F</title><item><title>a</title></item></channel></rss>';
const CHANNEL = 'UCabcdefghijklmnopqrstuv';

interface Found {
  readonly found: Discovered;
  /** Addresses, in the order they were asked for. */
  readonly asked: readonly string[];
}

/** Looks for the feed of `address` in a web that holds these pages, and answers like this elsewhere. */
async function discover(
  address: string,
  web: Readonly<Record<string, string>>,
  elsewhere: FetchOutcome = { kind: 'failed', reason: 'status', status: 404 },
): Promise<Found> {
  const asked: string[] = [];
  const fetchFeed: FetchFeed = ({ url }) => {
    asked.push(url.href);
    const body = web[url.href];
    if (body === undefined) return Promise.resolve(elsewhere);
    return Promise.resolve({
      kind: 'fetched',
      body: Buffer.from(body),
      contentType: body === FEED ? 'application/rss+xml' : 'text/html',
      validators: NO_VALIDATORS,
      freshForMs: null,
      url,
      movedTo: null,
      linkHeader: null,
    });
  };
  const found = await discoverFeed({ fetchFeed, parseFeed, isAllowListed: () => true }, new URL(address));
  return { found, asked };
}

test('where the address tells the feed, the page is not asked for', async () => {
  const feed = 'https://www.reddit.com/r/networking/.rss';
  const { found, asked } = await discover('https://old.reddit.com/r/networking', { [feed]: FEED });
  expect(found).toMatchObject({ kind: 'feed', url: new URL(feed) });
  expect(asked).toEqual([feed]);
});

test('a host that wants to be left alone is asked once, and it is that answer which is told', async () => {
  const throttled = { kind: 'throttled', status: 429, retryAfterMs: null } as const;
  const { found, asked } = await discover('https://www.reddit.com/r/networking', {}, throttled);
  expect(found).toMatchObject({ kind: 'failed', mayPass: true, text: expect.stringContaining('/.rss answered 429') });
  expect(asked).toHaveLength(1);
});

test('a page that names its own channel leads to the channel', async () => {
  const page = 'https://www.youtube.com/@noc';
  const feed = `https://www.youtube.com/feeds/videos.xml?channel_id=${CHANNEL}`;
  const html = `<html><link rel="canonical" href="https://www.youtube.com/channel/${CHANNEL}"></html>`;
  expect((await discover(page, { [page]: html, [feed]: FEED })).found).toMatchObject({
    kind: 'feed',
    url: new URL(feed),
  });
});

test('a repository has several feeds, if there is such a repository', async () => {
  const page = 'https://github.com/FRRouting/frr';
  const there = await discover(page, {
    [page]: '<html><link rel="alternate" type="application/atom+xml" href="/x"></html>',
  });
  expect(there.found).toMatchObject({ kind: 'choose', candidates: [{ title: 'Releases' }, { title: 'Tags' }, {}] });
  expect((await discover(page, {})).found).toMatchObject({ kind: 'failed', text: expect.stringContaining('404') });
  const refused = { kind: 'failed', reason: 'status', status: 403 } as const;
  expect((await discover(page, {}, refused)).found).toMatchObject({ kind: 'choose' });
});

test('a page that names itself as its feed is not asked for again', async () => {
  const page = 'https://a.example/';
  const { asked } = await discover(page, {
    [page]: '<html><link rel="alternate" type="application/rss+xml" href="/"></html>',
  });
  expect(asked.filter((url) => url === page)).toHaveLength(1);
});

test('a status page is looked at for its history first', async () => {
  const page = 'https://status.a.example/';
  const feed = 'https://status.a.example/history.atom';
  expect((await discover(page, { [page]: '<html></html>', [feed]: FEED })).asked).toEqual([page, feed]);
});

test('what is neither a page nor a feed is not searched', async () => {
  const page = 'https://a.example/data';
  const { found, asked } = await discover(page, { [page]: '' });
  expect(found).toMatchObject({ kind: 'failed', text: 'https://a.example/data is an empty document' });
  expect(asked).toHaveLength(1);
});
