import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { cleanCharacters, cleanLine, cleanText } from '../../../../src/posts/text/clean-text.js';

const LONG = 'A passage that is long enough to be told from a list of short words.';

describe('characters', () => {
  test('every space is a space, and nothing hides or reorders text', () => {
    expect(cleanLine(' a\u00a0b\u2003c\u200bd\ufeffe\u202egpj.exe\u2066f\u00adg\u0007h ')).toBe('a b cdegpj.exefgh');
    expect(cleanCharacters('a\r\nb\r\n\r\n\r\n\r\nc  \n')).toBe('a\nb\n\nc');
  });

  test('joiners stay where scripts and emoji need them', () => {
    expect(cleanLine('\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645 \ud83d\udc69\u200d\ud83d\udcbb')).toBe(
      '\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645 \ud83d\udc69\u200d\ud83d\udcbb',
    );
    expect(cleanLine('a \u200d b')).toBe('a b');
  });

  test('punctuation taken for control characters comes back', () => {
    expect(cleanLine('It\u0092s \u0093so\u0094')).toBe('It\u2019s \u201cso\u201d');
  });
});

describe('text', () => {
  test('does not begin with the title again', () => {
    expect(cleanText('BGP Leak!\n\nIt leaked.', 'BGP leak')).toBe('It leaked.');
    expect(cleanText('BGP leak\nIt leaked.', 'BGP leak')).toBe('It leaked.');
    expect(cleanText('BGP leak in Asia', 'BGP leak')).toBe('BGP leak in Asia');
  });

  test('says nothing twice, but keeps short lines that recur', () => {
    expect(cleanText(`${LONG}\n\nMore.\n\n${LONG}`, '')).toBe(`${LONG}\n\nMore.`);
    expect(cleanText(`${LONG.slice(0, -1)}\u2026\n\n${LONG} And on.`, '')).toBe(`${LONG} And on.`);
    expect(cleanText('Fixed\n\na\n\nFixed\n\nb', '')).toBe('Fixed\n\na\n\nFixed\n\nb');
  });

  test.each([
    'Text.\n\nThe post BGP leak appeared first on My Blog.',
    'Text. The post BGP leak appeared first on My Blog.',
    'Text.\n\nRead more',
    'Text. Read more \u2192',
    'Text. [\u2026]',
    'Text. [...]',
    'Text. [read more]',
    'Text.\n\n\u2026 Continue reading BGP leak',
    'Text.\n\nRead the full article\n\nThe post X appeared first on Y.',
    'Text.\n\nDer Beitrag X erschien zuerst auf Y.',
    'Text.\n\nWeiterlesen',
    'Text.\n\nLire la suite',
  ])('does not end with a lure: %j', (text) => {
    expect(cleanText(text, '')).toBe('Text.');
  });

  test('an excerpt that was cut within a sentence ends with an ellipsis, not with its lure', () => {
    expect(cleanText('It is essential to Continue reading', 'Any title')).toBe('It is essential to\u2026');
    expect(cleanText('It is essential to [\u2026] Continue reading Any title', 'Any title')).toBe(
      'It is essential to\u2026',
    );
    expect(cleanText('Pilots Continue reading books', 'Any title')).toBe('Pilots Continue reading books');
  });

  test.each([
    'They do.\n\nRead more books, says the librarian.',
    'You should read more about BGP.',
    'We learn more every day about routing.',
    'The post office appeared on the map.',
  ])('keeps sentences that only look like one: %j', (text) => {
    expect(cleanText(text, '')).toBe(text);
  });

  test('is clean once it was cleaned', () => {
    const parts = fc.constantFrom(
      'A',
      LONG,
      'Read more',
      '[\u2026]',
      'x\u200by',
      '\u00a0',
      '\u202e',
      'The post a appeared first on b.',
    );
    fc.assert(
      fc.property(fc.array(parts, { maxLength: 8 }), fc.constantFrom(' ', '\n', '\n\n'), (some, between) => {
        const once = cleanText(some.join(between), '');
        expect(cleanCharacters(once)).toBe(once);
        expect(once).not.toMatch(/[\u200b\u202e\u00a0]/);
      }),
    );
  });
});
