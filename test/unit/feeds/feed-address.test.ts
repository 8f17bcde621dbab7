import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { followedAt, readFeedAddress } from '../../../src/feeds/feed-address.js';
import { createMemoryFeeds, memoryFeed } from '../../support/memory-stores.js';

test.each([
  ['https://a.example/feed', 'https://a.example/feed'],
  ['  <https://a.example/feed#top> ', 'https://a.example/feed'],
  ['a.example', 'https://a.example/'],
  ['a.example/feed?x=1', 'https://a.example/feed?x=1'],
  ['a.example:443/feed', 'https://a.example/feed'],
  ['rsshub:1200/x', 'http://rsshub:1200/x'],
  ['127.0.0.1:8080', 'http://127.0.0.1:8080/'],
  ['feed://a.example/feed', 'https://a.example/feed'],
  ['feed:http://a.example/feed', 'http://a.example/feed'],
  ['HTTP://A.example/Feed', 'http://a.example/Feed'],
])('%j is %s', (typed, href) => {
  expect(readFeedAddress(typed)?.href).toBe(href);
});

test.each([
  '',
  'word',
  'two words.here',
  'ftp://a.example/',
  'javascript:alert(1)',
  'me@a.example',
  'https://me@a.example/',
  `https://a.example/${'x'.repeat(2_000)}`,
])('%j is no address to follow', (typed) => {
  expect(readFeedAddress(typed)).toBeNull();
});

test('any text is an address of the web or none', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.webUrl()), (typed) => {
      expect(readFeedAddress(typed)?.protocol ?? 'https:').toMatch(/^https?:$/);
    }),
  );
});

test.each(['http://a.example/feed', 'https://a.example/feed/', 'http://a.example/feed/'])(
  '%s finds what is followed at https://a.example/feed',
  async (spelling) => {
    const feed = memoryFeed('https://a.example/feed');
    const feeds = createMemoryFeeds({ feeds: [feed], posts: [], subscriptions: [] });
    expect(await followedAt(feeds, new URL(spelling))).toBe(feed);
    expect(await followedAt(feeds, new URL(`${spelling}?x=1`))).toBeNull();
  },
);
