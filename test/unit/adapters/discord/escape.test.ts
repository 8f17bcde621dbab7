import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { codeSpan, escapeMarkdown } from '../../../../adapters/discord/escape.js';
import { linkedTitle } from '../../../../adapters/discord/link.js';
import { shownLine } from '../../../../src/chat/shown-text.js';
import { readLabel } from '../../../../src/chat/label.js';
import { isPublicName } from '../../../../src/chat/web-address.js';
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
        const shown = shownLine(label);
        const address = new URL(`${href}(a)`);
        fc.pre(shown !== '' && readLabel(shown, address) === 'plain' && isPublicName(address));
        const read = /^\[(.*)\]\((\S+)\)$/s.exec(linkedTitle(shown, address, { title: 9_000, address: 9_000 }));
        expect(decodeURIComponent(read?.[2] ?? '').replace(/%2[89]/g, '')).toBe(decodeURIComponent(address.href));
        expect(read?.[1]?.replace(/\\./gs, '')).not.toMatch(/[[\]]/);
      }),
    );
  });
});
