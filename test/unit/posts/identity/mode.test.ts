import { expect, test } from '@jest/globals';
import { keyedEntry } from '../../../../src/posts/entry-keys.js';
import { identityModeOf, type IdentityMode } from '../../../../src/posts/identity/mode.js';
import type { Entry } from '../../../../src/posts/post.js';
import { entry } from '../../../support/entries.js';

const day = (n: number): Date => new Date(Date.UTC(2026, 2, n));
const link = new URL('https://blog.example/posts/all');

function modeOf(change: (n: number) => Partial<Entry>, count = 20): IdentityMode | null {
  const entries = Array.from({ length: count }, (_, n) => entry(`Number ${String(n)}`, change(n)));
  return identityModeOf(entries.map(keyedEntry));
}

test.each<[string, (n: number) => Partial<Entry>, IdentityMode]>([
  ['guids that differ', () => ({}), 'guid'],
  ['one guid of twenty missing', (n) => (n === 3 ? { guid: null } : {}), 'guid'],
  ['two of twenty missing', (n) => (n < 2 ? { guid: null } : {}), 'link'],
  ['one guid for all', () => ({ guid: 'x' }), 'link'],
  ['one link for all, but dates', (n) => ({ guid: null, link, publishedAt: day(n) }), 'link+date'],
  [
    'the front page for all',
    (n) => ({ guid: null, link: new URL('https://a.example/'), publishedAt: day(n) }),
    'title+date',
  ],
  ['titles and dates alone', () => ({ guid: null, link: null }), 'title+date'],
  ['nothing but words', () => ({ guid: null, link: null, publishedAt: null }), 'content'],
])('a feed with %s', (_, change, mode) => {
  expect(modeOf(change)).toBe(mode);
});

test('one entry says nothing', () => {
  expect(modeOf(() => ({}), 1)).toBeNull();
});
