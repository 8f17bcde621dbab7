import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { summarise } from '../../../src/posts/summary.js';

test('a short text stays whole, on one line', () => {
  expect(summarise('One.\n\nTwo.')).toBe('One. Two.');
  expect(summarise('a'.repeat(300))).toBe('a'.repeat(300));
});

test('a long one ends at the last sentence that fits', () => {
  expect(summarise('First sentence here. Second sentence here. Third one is cut.', 50)).toBe(
    'First sentence here. Second sentence here. \u2026',
  );
});

test('in scripts without spaces too', () => {
  const text = '\u56fe\u4e66\u9986\u5f00\u653e\u4e86\u3002'.repeat(20);
  expect(summarise(text, 50)).toBe(`${'\u56fe\u4e66\u9986\u5f00\u653e\u4e86\u3002'.repeat(6)} \u2026`);
});

test('without a sentence end it is cut between words, never within one', () => {
  expect(summarise('alpha beta gamma, delta epsilon', 18)).toBe('alpha beta gamma\u2026');
});

test('a word that is too long is cut between characters', () => {
  const family = '\ud83d\udc68\u200d\ud83d\udc69\u200d\ud83d\udc67';
  expect(summarise(family.repeat(20), 30)).toBe(`${family.repeat(3)}\u2026`);
});

test('is never longer than asked, keeps what it begins with, and cuts no character', () => {
  const words = fc.array(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 }), { maxLength: 60 });
  fc.assert(
    fc.property(words, fc.integer({ min: 10, max: 200 }), (parts, maxLength) => {
      const line = parts.join(' ').replace(/\s+/g, ' ').trim();
      const short = summarise(line, maxLength);
      expect(short.length).toBeLessThanOrEqual(maxLength);
      expect(short).not.toMatch(/\p{Surrogate}/u);
      expect(line.startsWith(short.replace(/ ?\u2026$/, '')) || line === short).toBe(true);
    }),
  );
});
