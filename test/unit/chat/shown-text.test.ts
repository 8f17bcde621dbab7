import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { fit, shownLine, shownLines } from '../../../src/chat/shown-text.js';
import { escapeMarkdown } from '../../../adapters/discord/escape.js';
import { HOSTILE_TEXTS } from '../../support/hostile-texts.js';
import { seen } from '../../support/interpreted.js';

describe('text that is shown', () => {
  test('holds no character that reorders or hides text, and no half of one', () => {
    expect(shownLine('a\u0000b\u202ec\u2066d\ud800\r\n e\u200b\tf ')).toBe('abcd\ufffd e f');
    expect(shownLines('a\r\n\r\n\r\n\u2028b')).toBe('a\n\nb');
  });

  test('keeps the joiners that scripts and emoji need, and no other', () => {
    expect(shownLine('می\u200cخواهم 👩\u200d👧 क\u094d\u200dष')).toBe('می\u200cخواهم 👩\u200d👧 क\u094d\u200dष');
    expect(shownLine('pay\u200dpal \u200cx\u200d')).toBe('paypal x');
  });

  test('keeps a flag that is made of tags, and no other tag', () => {
    const england = '\u{1f3f4}\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f}';
    expect(shownLine(`${england} x\u{e0041}\u{e0042}`)).toBe(`${england} x`);
  });

  test('is not painted over by accents', () => {
    expect(shownLine(`a${'\u0301'.repeat(500)}b`)).toBe(`a${'\u0301'.repeat(8)}b`);
  });

  test('of nothing but blanks is empty', () => {
    expect(shownLine('\u115f\u3164\u2800\u200b\u00ad \u202e')).toBe('');
  });

  test.each(HOSTILE_TEXTS.map(({ text }) => [JSON.stringify(text).slice(0, 60), text]))(
    'shows %s as it is',
    (_, text) => {
      expect(seen(shownLine(text))).toBe(seen(text));
      expect(shownLine(text)).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u200b\u202a-\u202e\u2066-\u2069\ufeff]/);
    },
  );

  test('is the same when it is cleaned again, and well-formed', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 100 }), (text) => {
        expect(shownLine(shownLine(text))).toBe(shownLine(text));
        expect(shownLines(text)).not.toMatch(/\p{Surrogate}/u);
      }),
    );
  });
});

describe('cutting', () => {
  const same = (text: string): string => text;
  const anyText = fc.oneof(
    fc.string({ unit: 'grapheme', maxLength: 80 }),
    fc.string({ unit: fc.constantFrom('*', '\\', '@', '👩\u200d👧', 'e\u0301', ' '), maxLength: 60 }),
  );

  test('never exceeds the limit, in whatever form the text is shown', () => {
    fc.assert(
      fc.property(anyText, fc.nat(80), (text, limit) => {
        expect(fit(text, limit, same).length).toBeLessThanOrEqual(limit);
        expect(fit(text, limit, escapeMarkdown).length).toBeLessThanOrEqual(limit);
      }),
    );
  });

  test('leaves text that fits alone', () => {
    expect(fit('short', 5, same)).toBe('short');
  });

  test('keeps families, flags and accents whole', () => {
    const family = '👨\u200d👩\u200d👧\u200d👦';
    expect(fit(family.repeat(3), family.length * 2 + 1, same)).toBe(`${family.repeat(2)}…`);
    expect(fit('e\u0301e\u0301e\u0301', 4, same)).toBe('e\u0301…');
  });

  test('never ends in a lone backslash', () => {
    expect(fit('*'.repeat(100), 10, escapeMarkdown)).toBe('\\*\\*\\*\\*…');
  });
});
