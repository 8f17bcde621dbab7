import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { respond, startFeedServer, type FeedServer } from '../support/feed-server.js';
import { spawnSource } from '../support/spawn.js';

/** Snapshots of two feeds of one group, as the words of their posts' titles; one step shows the next of both. */
const HISTORY: Readonly<Record<string, readonly string[][]>> = {
  first: [['Old'], ['Old', 'Both'], ['Old', 'Both', 'One', 'Two', 'Three', 'Four', 'Five', 'Six']],
  second: [['Other'], ['Other'], ['Other', 'Both']],
};
const STEPS = 2;

let server: FeedServer;

beforeAll(async () => {
  server = await startFeedServer();
});

afterAll(() => server.close());

/** Serves the history from its start, with the controls that the suite asks for. */
function replay(): void {
  const names = Object.keys(HISTORY);
  let step = 0;
  const json = (value: unknown) => respond(200, { 'content-type': 'application/json' }, JSON.stringify(value));
  const feeds = names.map((feed) => ({ feed, url: server.url(`/${feed}.xml`).href, group: 'both' }));
  server.on('/control/feeds', json(feeds));
  server.on('/control/state', (...exchange) => {
    json({ feeds: names.map((feed) => ({ feed, time: 1_700_000_000 + step * 600 })) })(...exchange);
  });
  server.on('/advance', (...exchange) => {
    const changed = step < STEPS ? names.map((feed) => ({ feed })) : [];
    step = Math.min(step + 1, STEPS);
    json({ changed, done: step === STEPS })(...exchange);
  });
  for (const name of names) {
    server.on(`/${name}.xml`, (...exchange) => {
      const headers = { 'content-type': 'application/rss+xml', 'x-replay-snapshot': String(step) };
      respond(200, headers, document(HISTORY[name]?.[step] ?? []))(...exchange);
    });
  }
}

function document(titles: readonly string[]): string {
  const items = titles.map((title) => {
    const link = `https://blog.example/posts/${title.toLowerCase()}`;
    return `<item><title>${title} is a post</title><link>${link}</link><guid>${link}</guid></item>`;
  });
  return `<rss version="2.0"><channel><title>Blog</title>${items.join('')}</channel></rss>`;
}

test('each feed has a channel, each group one for all, and every new post is told with the snapshot that brought it', async () => {
  replay();
  const child = spawnSource('test/eval/eval.ts', { args: ['announce', server.url('/').href] });
  expect(await child.exited).toBe(0);
  const told = child.lines().flatMap((line) => {
    if (!line.startsWith('{')) return [];
    const { channel, feed, title, snapshot, as, link, guid } = JSON.parse(line) as Record<string, string>;
    expect({ as, guid }).toEqual({ as: expect.stringMatching(/^(?:message|digest)$/), guid: link });
    return [`${channel ?? ''} ${feed ?? ''} ${String(snapshot)} ${title ?? ''}`];
  });
  const bursts = ['One', 'Two', 'Three', 'Four', 'Five', 'Six'].map((word) => `first 2 ${word} is a post`);
  expect([...told].sort()).toEqual(
    [
      'console:first first 1 Both is a post',
      ...bursts.map((line) => `console:first ${line}`),
      'console:second second 2 Both is a post',
      'console:both* first 1 Both is a post',
      ...bursts.map((line) => `console:both* ${line}`),
    ].sort(),
  );
});
