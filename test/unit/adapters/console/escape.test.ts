import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { terminalJson, terminalLine, terminalLines } from '../../../../adapters/console/escape.js';

/** Whatever a terminal could obey or an eye be fooled by, by Unicode category rather than by our own list. */
const DANGEROUS = /[\p{Cc}\p{Zl}\p{Zp}\p{Surrogate}]|[\u202a-\u202e\u2066-\u2069\u200e\u200f\u061c]/u;

const ATTACKS = [
  '\u001b[31mred\u001b[0m',
  '\u001b]8;;https://evil.example\u0007https://good.example\u001b]8;;\u0007',
  '\u001b]0;window title\u0007',
  '\u001b]52;c;cm0gLXJm\u001b\\',
  '\u001b[2J\u001b[H\u001b[1A',
  '\u009b2J\u009d0;t\u009c\u0090q\u009c',
  'shown\rhidden',
  'ab\b\b\bxyz\u007f',
  '\u202egnp.exe\u202c\u2067x\u2069',
  '\ud800 alone \udc00',
  'tag\u{e0041}\u{e007f}s',
];
const hostile = fc.array(fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom(...ATTACKS)), { maxLength: 6 });

describe('text for a terminal', () => {
  test('nothing a feed can write moves the cursor, changes colour, opens a link or turns the text around', () => {
    fc.assert(
      fc.property(hostile, (parts) => {
        const text = parts.join('');
        expect(terminalLine(text)).not.toMatch(DANGEROUS);
        for (const line of terminalLines(text)) expect(line).not.toMatch(DANGEROUS);
      }),
    );
  });

  test('JSON is as harmless, and still says exactly what the feed said', () => {
    fc.assert(
      fc.property(hostile, (parts) => {
        const text = parts.join('');
        const json = terminalJson({ text });
        expect(json).not.toMatch(DANGEROUS);
        expect(JSON.parse(json)).toEqual({ text });
      }),
    );
  });

  test('what is left of an escape sequence is readable text', () => {
    expect(terminalLine('a \u001b[31mred\u001b[0m word')).toBe('a [31mred[0m word');
  });

  test('ordinary text in any script passes untouched', () => {
    const text = 'Маршрут по умолчанию – 経路制御 · שלום · π ≈ 3.14 · 👩‍🔧';
    expect(terminalLine(text)).toBe(text);
  });

  test('lines stay lines, without the empty ones at either end', () => {
    expect(terminalLines('\r\n one\ttab\r\n\r\ntwo\u2028three\n\n')).toEqual(['one tab', '', 'two', 'three']);
  });
});
