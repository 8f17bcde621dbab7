import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { changedParts, fingerprintOf, type Part } from '../../../src/posts/fingerprint.js';
import type { Entry } from '../../../src/posts/post.js';
import { entry } from '../../support/entries.js';

function noticed(before: Partial<Entry>, after: Partial<Entry>): Part[] {
  const shown = entry('Route leaks', { imageUrl: new URL('https://img.example/a.png') });
  return changedParts(fingerprintOf({ ...shown, ...before }), fingerprintOf({ ...shown, ...after }));
}

const word = fc.stringMatching(/^[a-zäöß一-龥]{2,9}$/u);
const words = fc.array(word, { minLength: 1, maxLength: 40 });
const space = fc.constantFrom(' ', '  ', '\n', '\n\n', '\t', '\u00A0');
const count = fc.integer({ min: 0, max: 99_999 });

describe('what no reader notices', () => {
  test('dates, labels, author and guid are no part of it', () => {
    expect(
      noticed({}, { guid: 'another', author: 'B. Writer', tags: ['x'], publishedAt: new Date('2031-01-01T00:00:00Z') }),
    ).toEqual([]);
  });

  test('white space and punctuation of the text, however they fall', () => {
    fc.assert(
      fc.property(words, fc.array(space, { minLength: 1, maxLength: 9 }), (said, spaces) => {
        const other = said.map((each, index) => each + (spaces[index % spaces.length] ?? ' ')).join('');
        expect(noticed({ text: said.join(' ') }, { text: other })).toEqual([]);
      }),
    );
  });

  test.each(['comments', 'min read', 'views', 'likes', 'hours ago', 'replies'])('how many: "%s"', (what) => {
    fc.assert(
      fc.property(words, count, count, (said, before, after) => {
        const textOf = (number: number) => `${said.join(' ')} · ${String(number % 1000)} ${what}`;
        expect(noticed({ text: textOf(before) }, { text: textOf(after) })).toEqual([]);
        expect(
          noticed({ title: `Leaks (${String(before)} comments)` }, { title: `Leaks (${String(after)} comments)` }),
        ).toEqual([]);
      }),
    );
  });

  test.each([
    ['Updated 2026-03-01', 'Updated 2026-03-02'],
    ['Last updated: March 1, 2026', 'Last updated: March 12, 2026'],
    ['Posted on Sun, 1 March 2026 at 12:03 UTC.', 'Posted on Mon, 2 March 2026 at 09:14 UTC.'],
    ['Last modified 2026-03-01T12:00:00Z', 'Last modified 2026-03-04T08:30:11Z'],
    ['Generated on: Wed Jul  8 13:53:51 2026', 'Generated on: Thu Jul  9 16:08:18 2026'],
    ['1 comment', '1,204 comments'],
    ['No comments', '1 comment'],
    ['an hour ago', '3 days ago'],
    ['4-minute read', '5 min read'],
  ])('when it was touched or counted: "%s" and "%s"', (before, after) => {
    expect(noticed({ text: `All is said. ${before}` }, { text: `All is said. ${after}` })).toEqual([]);
  });

  test('what an address tells of where a reader came from, in the link and within the text', () => {
    fc.assert(
      fc.property(word, word, (one, other) => {
        const at = (name: string) => new URL(`http://blog.example/post/?id=7&utm_source=${encodeURIComponent(name)}`);
        const textAt = (name: string) => `See https://x.example/a?utm_medium=${encodeURIComponent(name)} for more`;
        expect(noticed({ link: at(one), text: textAt(one) }, { link: at(other), text: textAt(other) })).toEqual([]);
      }),
    );
    expect(noticed({}, { imageUrl: new URL('https://img.example/a.png?w=300&v=2') })).toEqual([]);
  });

  test('quotes and dashes as a typesetter sets them', () => {
    expect(noticed({ title: `"Don't" - they said` }, { title: '\u201CDon\u2019t\u201D \u2013 they said' })).toEqual([]);
  });
});

describe('what a reader notices', () => {
  test('any word of the text, and nothing but the text', () => {
    fc.assert(
      fc.property(words, word, fc.nat(), (said, added, place) => {
        const other = said.toSpliced(place % (said.length + 1), 0, added);
        expect(noticed({ text: said.join(' ') }, { text: other.join(' ') })).toEqual(['text']);
      }),
    );
  });

  test('any word of the title', () => {
    fc.assert(
      fc.property(words, word, (said, added) => {
        expect(noticed({ title: said.join(' ') }, { title: [...said, added].join(' ') })).toEqual(['title']);
      }),
    );
  });

  test.each([
    ['10 comments on BGP', '11 comments on BGP'],
    ['What is new in C++', 'What is new in C#'],
    ['Release 1.2', 'Release 1.3'],
    ['Outage of March 1, 2026', 'Outage of March 2, 2026'],
  ])('a title of "%s" that becomes "%s"', (before, after) => {
    expect(noticed({ title: before }, { title: after })).toEqual(['title']);
  });

  test('a date that is part of what is told', () => {
    const moved = noticed({ text: 'We move on March 1, 2026.' }, { text: 'We move on March 9, 2026.' });
    expect(moved).toEqual(['text']);
  });

  test('a number that counts what is told about, and not who reads it', () => {
    expect(noticed({ text: 'It has 3 viewpoints.' }, { text: 'It has 4 viewpoints.' })).toEqual(['text']);
    expect(noticed({ text: 'AS3 views it so.' }, { text: 'AS4 views it so.' })).toEqual(['text']);
  });

  test('another link, another picture, and all at once', () => {
    expect(noticed({}, { link: new URL('https://blog.example/posts/another') })).toEqual(['link']);
    expect(noticed({}, { imageUrl: null })).toEqual(['picture']);
    expect(noticed({}, { imageUrl: new URL('https://img.example/b.png') })).toEqual(['picture']);
    expect(noticed({}, { title: 'Else', link: null, text: 'Else', imageUrl: null })).toEqual([
      ...['title', 'link', 'text', 'picture'],
    ]);
  });
});

test('a text made to be slow to compare is compared in time', () => {
  const hostile = ['1 1 ', '1.', 'updated ', 'https://', 'last updated on mon ', '1 2 3 4 5 6 7 8 9 '];
  const start = performance.now();
  for (const each of hostile) fingerprintOf(entry('Slow', { text: each.repeat(500_000 / each.length) }));
  expect(performance.now() - start).toBeLessThan(6_000);
});
