import { expect, test } from '@jest/globals';
import { readJsonFeed } from '../../../../src/feeds/reading/json-feed.js';

const BASE = new URL('https://a.example/feed.json');

async function entryOf(item: unknown) {
  const source = JSON.stringify({ version: 'https://jsonfeed.org/version/1.1', items: [item] });
  const feed = await readJsonFeed(source, BASE, new Set());
  return feed?.entries[0]?.entry;
}

test('what no text holds and no database keeps is left out', async () => {
  expect(await entryOf({ id: 'a\0b\ud800', title: '\ud800\0', content_text: 'smile \ud83d\ude00' })).toMatchObject({
    guid: 'ab',
    title: null,
    content: { value: 'smile \ud83d\ude00' },
  });
});

test('of endless lists the beginning is read', async () => {
  const entry = await entryOf({ tags: Array.from({ length: 50_000 }, (_, index) => `tag ${String(index)}`) });
  expect(entry?.tags.slice(0, 2)).toEqual(['tag 0', 'tag 1']);
  expect(entry?.tags.length).toBeLessThanOrEqual(100);
});

test('an entry nested without reason costs the document, and nothing else', async () => {
  const deep = `${'['.repeat(50_000)}${']'.repeat(50_000)}`;
  const source = `{"version":"https://jsonfeed.org/version/1.1","items":[{"id":"1","title":${deep}}]}`;
  expect(await readJsonFeed(source, BASE, new Set())).toBeNull();
});
