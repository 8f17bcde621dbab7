import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { summarise } from '../../../../src/posts/text/summary.js';

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

test.each([
  ['Mr. Smith asked at the U.S. office about v1.2 today. Then he left for another town.', 58],
  ['The route server at 192.0.2.1 dropped all of its peers today. Then it came back alone.', 66],
])('a dot within %j ends no sentence', (text, maxLength) => {
  expect(summarise(text, maxLength)).toBe(`${text.slice(0, text.indexOf('today.') + 6)} \u2026`);
});

test.each([
  '\u0647\u0644 \u062a\u0639\u0637\u0644\u062a \u0627\u0644\u0634\u0628\u0643\u0629\u061f ',
  '\u0928\u0947\u091f\u0935\u0930\u094d\u0915 \u092c\u0902\u0926 \u0939\u0948\u0964 ',
  '\u7f51\u7edc\u5df2\u6062\u590d\uff01',
])('ends with a sentence in every script: %j', (sentence) => {
  expect(summarise(sentence.repeat(20), 100)).toMatch(new RegExp(`${sentence.trim()} \u2026$`, 'u'));
});

test('Thai, which marks no sentences, is cut between words', () => {
  const word = '\u0e40\u0e04\u0e23\u0e37\u0e2d\u0e02\u0e48\u0e32\u0e22';
  expect(summarise(word.repeat(20), 50)).toBe(`${word.repeat(5)}\u2026`);
});

test('an address is never cut in the middle', () => {
  const text = 'Read the report at https://a.example/one-two/three and tell us';
  for (let maxLength = 24; maxLength < text.length - 13; maxLength++)
    expect(['Read the report at\u2026', 'Read the report at https://a.example/one-two/three\u2026']).toContain(
      summarise(text, maxLength),
    );
});

test('any string and any limit give whole characters within the limit, from the start of the text', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 400 }), fc.integer({ min: 0, max: 120 }), (text, maxLength) => {
      const short = summarise(text, maxLength);
      const line = text
        .replace(/\s+/g, ' ')
        .replace(/\p{Surrogate}/gu, '\ufffd')
        .trim();
      expect(short.length).toBeLessThanOrEqual(maxLength);
      expect(short).not.toMatch(/\p{Surrogate}/u);
      expect(line === short || line.startsWith(short.replace(/ ?\u2026$/, ''))).toBe(true);
    }),
  );
});
