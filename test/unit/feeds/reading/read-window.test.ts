import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { FeedDocument, Window } from '../../../../src/feeds/reading/feed-document.js';
import { parseFeed } from '../../../../src/feeds/reading/parse-feed.js';

const BASE = new URL('https://feeds.example/blog/feed.xml');

async function read(text: string, window: Window = new Set(), baseUrl = BASE): Promise<FeedDocument> {
  const outcome = await parseFeed({ bytes: new TextEncoder().encode(text), contentType: null, baseUrl }, window);
  if (outcome.kind !== 'parsed') throw new Error(`not a feed: ${outcome.looksLike}`);
  return outcome.document;
}

interface Item {
  readonly id: string;
  readonly title: string;
  readonly text: string;
}

const DIALECTS = {
  rss: (items: readonly Item[]) =>
    `<rss version="2.0"><channel><title>F</title>${items.map(({ id, title, text }) => `<item><guid>${id}</guid><title>${title}</title><description>${text}</description></item>`).join('\n')}</channel></rss>`,
  rdf: (items: readonly Item[]) =>
    `<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"><channel><title>F</title></channel>${items.map(({ id, title, text }) => `<item rdf:about="${id}"><title>${title}</title><description>${text}</description></item>`).join('')}</rdf:RDF>`,
  atom: (items: readonly Item[]) =>
    `<feed xmlns="http://www.w3.org/2005/Atom"><title>F</title>${items.map(({ id, title, text }) => `<entry><id>${id}</id><title>${title}</title><summary>${text}</summary></entry>`).join('')}</feed>`,
  json: (items: readonly Item[]) =>
    JSON.stringify({
      version: 'https://jsonfeed.org/version/1.1',
      title: 'F',
      items: items.map(({ id, title, text }) => ({ id, title, content_html: text })),
    }),
};

const dialect = fc.constantFrom(...Object.values(DIALECTS));
const word = fc.stringMatching(/^[a-z ]{1,8}$/);
const items = fc.array(fc.record({ id: fc.stringMatching(/^[a-z]{1,4}$/), title: word, text: word }), {
  minLength: 1,
  maxLength: 12,
});

describe('a window', () => {
  test('leaves out what is in it, and changes nothing else', async () => {
    await fc.assert(
      fc.asyncProperty(dialect, items, fc.infiniteStream(fc.boolean()), async (write, written, coins) => {
        const whole = await read(write(written));
        const window = new Set(whole.entries.map(({ digest }) => digest).filter(() => coins.next().value));
        const rest = await read(write(written), window);
        expect(rest).toEqual({
          ...whole,
          entries: whole.entries.map(({ digest, entry }) => ({ digest, entry: window.has(digest) ? null : entry })),
        });
      }),
      { numRuns: 100 },
    );
  });

  test('is not left when entries are added, dropped or put in another order', async () => {
    await fc.assert(
      fc.asyncProperty(dialect, items, fc.nat(), async (write, written, seed) => {
        const window = new Set((await read(write(written))).entries.map(({ digest }) => digest));
        const turned = [...written.slice(seed % written.length), ...written.slice(0, seed % written.length)];
        const later = await read(write([{ id: 'NEW', title: 'New', text: 'x' }, ...turned.slice(0, 6)]), window);
        expect(later.entries.map(({ entry }) => entry?.guid ?? null)).toEqual([
          'NEW',
          ...turned.slice(0, 6).map(() => null),
        ]);
      }),
      { numRuns: 50 },
    );
  });

  test('does not hide an entry of which one character changed', async () => {
    const item = { id: 'a', title: 'Outage', text: 'All links are down' };
    for (const write of Object.values(DIALECTS)) {
      const window = new Set((await read(write([item]))).entries.map(({ digest }) => digest));
      const { entries } = await read(write([{ ...item, text: 'All links are up' }]), window);
      expect(entries[0]?.entry?.text).toBe('All links are up');
    }
  });

  test('does not hide an entry whose addresses mean something else now', async () => {
    const text = '<rss version="2.0"><channel><item><link>post</link></item></channel></rss>';
    const window = new Set((await read(text)).entries.map(({ digest }) => digest));
    const moved = await read(text, window, new URL('https://other.example/'));
    expect(moved.entries[0]?.entry?.link?.href).toBe('https://other.example/post');
    const based = await read(text.replace('<channel>', '<channel xml:base="https://base.example/">'), window);
    expect(based.entries[0]?.entry?.link?.href).toBe('https://base.example/post');
  });

  test('does not hide an entry that inherits another author', async () => {
    const feed = (name: string) => `<feed><author><name>${name}</name></author><entry><title>A</title></entry></feed>`;
    const window = new Set((await read(feed('Ada'))).entries.map(({ digest }) => digest));
    expect((await read(feed('Ada')), window)).toBe(window);
    expect((await read(feed('Grace'), window)).entries[0]?.entry?.author).toBe('Grace');
  });
});

describe('what a document says about polling it', () => {
  test('RSS: the longest of what it names, hours and days in order', async () => {
    const { hints } = await read(`<rss version="2.0" xmlns:s="http://purl.org/rss/1.0/modules/syndication/"><channel>
      <ttl> 45 </ttl><s:updatePeriod>daily</s:updatePeriod><s:updateFrequency>4</s:updateFrequency>
      <skipHours><hour>24</hour><hour>7</hour><hour>25</hour><hour>x</hour><hour>7</hour></skipHours>
      <skipDays><day>Sunday</day><day>wed</day><day>Someday</day></skipDays></channel></rss>`);
    expect(hints).toEqual({ freshForMs: 6 * 3_600_000, skipHours: [0, 7], skipDays: [0, 3] });
  });

  test.each([
    ['<ttl>90</ttl>', 90 * 60_000],
    ['<ttl>0</ttl>', null],
    ['<ttl>soon</ttl>', null],
    ['<sy:updatePeriod>hourly</sy:updatePeriod>', 3_600_000],
    ['<sy:updateFrequency>2</sy:updateFrequency>', 12 * 3_600_000],
    ['<sy:updatePeriod>hourly</sy:updatePeriod><sy:updateFrequency>0</sy:updateFrequency>', 3_600_000],
    ['<sy:updatePeriod>fortnightly</sy:updatePeriod>', null],
  ])('%s is %s ms', async (elements, freshForMs) => {
    const { hints } = await read(`<rss version="2.0"><channel>${elements}</channel></rss>`);
    expect(hints.freshForMs).toBe(freshForMs);
  });

  test("hubs and the feed's own address are found in every dialect", async () => {
    const rss =
      await read(`<rss version="2.0" xmlns:a10="http://www.w3.org/2005/Atom"><channel><link>https://site.example/</link>
      <a10:link rel="self" href="/feed"/><a10:link rel="hub" href="https://hub.example/"/><a10:link rel="hub" href="https://hub.example/"/></channel></rss>`);
    const atom = await read(
      '<feed xmlns="http://www.w3.org/2005/Atom"><title>F</title><link rel="hub" href="https://hub.example/"/><link rel="self" href="/feed"/></feed>',
    );
    const json = await read(
      '{"version":"https://jsonfeed.org/version/1.1","title":"F","feed_url":"/feed","hubs":[{"type":"WebSub","url":"https://hub.example/"},7],"items":[]}',
    );
    for (const { hubs, selfUrl } of [rss, atom, json]) {
      expect(hubs.map(({ href }) => href)).toEqual(['https://hub.example/']);
      expect(selfUrl?.href).toBe('https://feeds.example/feed');
    }
    expect(rss.siteUrl?.href).toBe('https://site.example/');
  });
});
