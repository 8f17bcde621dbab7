import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { bold, code, link, linkAddress, mrkdwn, plainText } from '../../../../adapters/slack/escape.js';
import { shownLine, shownLines } from '../../../../src/chat/shown-text.js';
import { readMrkdwn } from '../../../support/slack/reader.js';

const anyText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 200 }),
  fc.string({
    unit: fc.constantFrom('<', '>', '&', '|', '*', '_', '~', '`', '!', '@', '\n', ' ', 'a', 'é'),
    maxLength: 80,
  }),
);

describe('mrkdwn', () => {
  test('for any text, no bracket of it is left to open a link or a mention', () => {
    fc.assert(
      fc.property(anyText, fc.integer({ min: 1, max: 300 }), (text, limit) => {
        expect(mrkdwn(text, limit)).not.toMatch(/[<>]|&(?!(?:amp|lt|gt);)/);
      }),
    );
  });

  test('is read as what was written, when nothing is cut', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const clean = shownLines(text);
        expect(readMrkdwn(mrkdwn(clean, 10_000))).toBe(clean.replaceAll('`', 'ˋ'));
      }),
    );
  });

  test('keeps its limit after escaping, and tears no entity', () => {
    fc.assert(
      fc.property(anyText, fc.integer({ min: 1, max: 60 }), (text, limit) => {
        expect(mrkdwn(text, limit).length).toBeLessThanOrEqual(limit);
      }),
    );
    expect(mrkdwn('&&&', 11)).toBe('&amp;&amp;…');
    expect(mrkdwn('😀😀', 3)).toBe('😀…');
  });

  test('a formatting character neither opens nor closes: a space nobody sees stands on both its sides', () => {
    expect(mrkdwn('*bold*', 50)).toBe('\u200b*\u200bbold\u200b*\u200b');
    expect(mrkdwn('a ~c~', 50)).not.toMatch(/~(?!\u200b)/);
  });

  test('a backtick, which opens code wherever it stands, is one that only looks like it', () => {
    expect(mrkdwn('use `ip route`', 50)).toBe('use ˋip routeˋ');
  });

  test('an address, a time or a word between colons is no emoji', () => {
    expect(mrkdwn('2001:db8:a:: :smile: :100: 12:34:56', 60)).toBe(
      '2001:\u200bdb8:\u200ba:: :\u200bsmile: :\u200b100: 12:34:56',
    );
  });

  test('but a name stays whole, for people copy it', () => {
    expect(mrkdwn('next_hop_self 2*3', 50)).toBe('next_hop_self 2*3');
  });

  test('a line that begins with > is no quotation', () => {
    expect(mrkdwn('> not a quote', 50)).toBe('\u200b&gt; not a quote');
  });
});

describe('a link', () => {
  test('of any text and address is one link to that address', () => {
    fc.assert(
      fc.property(anyText, fc.webUrl({ withQueryParameters: true, withFragments: true }), (label, href) => {
        const url = new URL(href);
        const address = linkAddress(url, 5_000) ?? '';
        const made = link(address, shownLine(label), 500);
        expect(made.match(/[<>|]/g)).toEqual(['<', '|', '>']);
        expect(made.startsWith(`<${address}|`)).toBe(true);
      }),
    );
  });

  test('has no | < > in its address, and & as an entity', () => {
    expect(linkAddress(new URL('https://a.example/x|y?a=1&b=<2>#|'), 100)).toBe(
      'https://a.example/x%7Cy?a=1&amp;b=%3C2%3E#%7C',
    );
  });

  test('has no address at all rather than half of one', () => {
    expect(linkAddress(new URL(`https://a.example/${'x'.repeat(100)}`), 100)).toBeNull();
  });
});

test('text is cleaned of controls, direction marks and half characters', () => {
  expect(shownLine('a\u0000b\u202ec\u2066d\ud800\r\n e\u200b\tf ')).toBe('abcd\ufffd e f');
  expect(shownLines('a\r\n\r\n\r\n\u2028b')).toBe('a\n\nb');
});

test('bold text is not begun with what would undo it', () => {
  expect(bold('title')).toBe('*title*');
  expect(bold(mrkdwn('*title', 50))).toBe('\u200b*\u200btitle');
});

test('code holds nothing invisible and cannot be left', () => {
  expect(code('/tidings search "a*b" <x> ```', 100)).toBe("```/tidings search \"a*b\" &lt;x&gt; '''```");
  expect(code('x'.repeat(500), 100)).toHaveLength(100);
});

test('plain text is cut with an ellipsis', () => {
  expect(plainText('abcdef', 4)).toBe('abc…');
});
