import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { closestWord, editDistance } from '../../../src/chat/closest-word.js';

const NAMES = ['search', 'subscribe', 'unsubscribe', 'subscriptions', 'topics', 'help', 'dns'];

test.each([
  ['serach', 'search'],
  ['suscribe', 'subscribe'],
  ['unsubscribed', 'unsubscribe'],
  ['Topic', 'topics'],
  ['hepl', 'help'],
  ['subscripti', 'subscriptions'],
  ['dsn', 'dns'],
  ['bns', null],
  ['bgp', null],
  ['he', null],
  ['', null],
  ['s'.repeat(100_000), null],
])('%s is taken for %s', (typed, meant) => {
  expect(closestWord(typed, NAMES)).toBe(meant);
});

test('the nearest name wins over one that is listed before it', () => {
  expect(closestWord('topik', ['topics', 'topic'])).toBe('topic');
});

test('the distance is one for any single slip, and the same both ways', () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[a-z]{2,12}$/), fc.nat(), fc.constantFrom('!', ''), (word, position, letter) => {
      const index = position % word.length;
      const slip = word.slice(0, index) + letter + word.slice(index + 1);
      expect(editDistance(word, slip)).toBe(1);
      expect(editDistance(slip, word)).toBe(1);
      expect(editDistance(word, `${word.slice(0, index)}!${word.slice(index)}`)).toBe(1);
    }),
  );
  expect(editDistance('bpg', 'bgp')).toBe(1);
  expect(editDistance('', '')).toBe(0);
});
