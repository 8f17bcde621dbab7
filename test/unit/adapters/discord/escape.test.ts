import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { codeSpan, escapeMarkdown, fit, maskedLink } from '../../../../adapters/discord/escape.js';
import { pingsOf, readMarkdown } from '../../../support/discord/markdown.js';

const MARKUP = [
  '@everyone',
  '@here',
  '<@123456789012345678>',
  '<@&123456789012345678>',
  '<#123456789012345678>',
  '</tidings help:123456789012345678>',
  '<t:1700000000:R>',
  '<:name:123456789012345678>',
  '[x](http://evil.example)',
  '# heading',
  '-# small print',
  '- list',
  '+ list',
  '1. list',
  '> quote',
  '>>> quote',
  '`code`',
  '```block```',
  '||spoiler||',
  '**bold** __under__ ~~struck~~ *it* _it_',
  'https://evil.example/x',
  '\\*already escaped\\*',
];
const marked = fc
  .array(fc.oneof(fc.constantFrom(...MARKUP, '\n', ' '), fc.string({ unit: 'grapheme' })), { maxLength: 12 })
  .map((parts) => parts.join(''));

describe('escaped text', () => {
  test('reads as what was written, with every mark in place', () => {
    for (const text of MARKUP) expect(readMarkdown(escapeMarkdown(text))).toBe(text);
  });

  test('notifies nobody, even if a body should forget to forbid mentions', () => {
    fc.assert(
      fc.property(marked, (text) => {
        expect(pingsOf({ content: escapeMarkdown(text) })).toEqual([]);
      }),
    );
  });

  test('opens no markup: each mark stands behind a backslash', () => {
    fc.assert(
      fc.property(marked, (text) => {
        expect(escapeMarkdown(text).replace(/\\[^0-9A-Za-z\s]/g, 'x')).not.toMatch(
          /[*_~`|<>[\]\\]|^\s*(#|-|\+)|:\/\//m,
        );
      }),
    );
  });

  test('starts no numbered list', () => {
    expect(escapeMarkdown('  12. twelfth\n3) third')).toBe('  12\\. twelfth\n3\\) third');
  });

  test('holds no character that reorders or hides text, and no lone surrogate', () => {
    expect(escapeMarkdown('a\u202egpj.exe\u202c\u0000\u2066b\ud800c\ufeff')).toBe('agpj.exebc');
  });
});

describe('code', () => {
  test('cannot be closed from inside', () => {
    fc.assert(
      fc.property(marked, (text) => {
        expect(codeSpan(text)).toMatch(/^(`[^`\n]+`)?$/);
      }),
    );
  });
});

describe('a link with a label', () => {
  test('points where the address says, whatever label and address hold', () => {
    fc.assert(
      fc.property(marked, fc.webUrl({ withQueryParameters: true, withFragments: true }), (label, href) => {
        fc.pre(label.trim() !== '' && !label.includes('\n'));
        const address = new URL(`${href}(a)`);
        const read = /^\[(.*)\]\((\S+)\)$/s.exec(maskedLink(label, address));
        expect(decodeURIComponent(read?.[2] ?? '').replace(/%2[89]/g, '')).toBe(decodeURIComponent(address.href));
        expect(read?.[1]?.replace(/\\./gs, '')).not.toMatch(/[[\]]/);
      }),
    );
  });
});

describe('cutting', () => {
  const same = (text: string): string => text;

  test('never exceeds the limit, in whatever form the text is shown', () => {
    fc.assert(
      fc.property(marked, fc.nat(80), (text, max) => {
        expect(fit(text, max, same).length).toBeLessThanOrEqual(max);
        expect(fit(text, max, escapeMarkdown).length).toBeLessThanOrEqual(max);
      }),
    );
  });

  test('leaves text that fits alone', () => {
    expect(fit('short', 5, same)).toBe('short');
  });

  test('keeps families, flags and accents whole', () => {
    const family = '👨‍👩‍👧‍👦';
    expect(fit(family.repeat(3), family.length * 2 + 1, same)).toBe(`${family.repeat(2)}…`);
    expect(fit('e\u0301e\u0301e\u0301', 4, same)).toBe('e\u0301…');
  });

  test('never ends in a lone backslash', () => {
    expect(fit('*'.repeat(100), 10, escapeMarkdown)).toBe('\\*\\*\\*\\*…');
  });
});
