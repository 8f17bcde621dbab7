import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { renderMessage } from '../../../../adapters/discord/render.js';
import { renderReply } from '../../../../adapters/discord/render-reply.js';
import type { Reply } from '../../../../src/chat/command.js';
import { anyMessage, MESSAGE } from '../../../contract/chat-adapter.contract.js';
import { checkMessage } from '../../../support/discord/validate.js';

describe('a card', () => {
  test('is one embed: linked title, source above, author and topics below, time and picture', () => {
    const imageUrl = new URL('https://blog.example/map.png');
    expect(renderMessage({ ...MESSAGE, imageUrl })).toEqual({
      content: '',
      components: [],
      allowed_mentions: { parse: [] },
      embeds: [
        {
          color: 0x5865f2,
          title: MESSAGE.title,
          url: 'https://blog.example/route-leak?from=feed&part=1',
          author: { name: 'Example Networks' },
          footer: { text: 'A. Writer · BGP · Outages' },
          description: MESSAGE.summary,
          timestamp: '2026-03-04T05:06:07.000Z',
          thumbnail: { url: 'https://blog.example/map.png' },
        },
      ],
    });
  });

  test('leaves out what Discord would refuse: other schemes, endless addresses, dates without meaning, blanks', () => {
    const [embed] = renderMessage({
      ...MESSAGE,
      url: new URL('mailto:a@b.example'),
      imageUrl: new URL(`https://a.example/${'x'.repeat(3_000)}`),
      publishedAt: new Date(Number.NaN),
      source: ' \u202e ',
      author: null,
      topics: [''],
      summary: ' \n ',
    }).embeds;
    expect(embed).toEqual({ color: 0x5865f2, title: MESSAGE.title });
  });

  test('has a title even when every character of it was taken out', () => {
    expect(renderMessage({ ...MESSAGE, title: '\u202e\u200f' }).embeds[0]?.title).toBe('Untitled');
  });
});

test('a card has its menu below it, each entry a command', () => {
  const buttons = [
    { label: 'Why here?', command: 'why x' },
    { label: 'Mute this feed', command: 'mute y' },
  ];
  expect(renderMessage({ ...MESSAGE, buttons }).components).toEqual([
    {
      type: 1,
      components: [
        { type: 2, style: 2, label: 'Why here?', custom_id: 'why x' },
        { type: 2, style: 2, label: 'Mute this feed', custom_id: 'mute y' },
      ],
    },
  ]);
});

test('a card says in which other feeds the article stands', () => {
  expect(renderMessage({ ...MESSAGE, alsoIn: ['A', 'B'] }).embeds[0]?.footer).toEqual({
    text: 'A. Writer · BGP · Outages · also in A, B',
  });
});

describe('a message without a card', () => {
  const ADDRESS = '<https://blog.example/route-leak?from=feed&part=1>';
  const rest = { embeds: [], components: [], flags: 4, allowed_mentions: { parse: [] } };

  test('says the same as text', () => {
    expect(renderMessage({ ...MESSAGE, format: 'plain' })).toEqual({
      content: [MESSAGE.title, ADDRESS, MESSAGE.summary, 'Example Networks · A. Writer · BGP · Outages'].join('\n'),
      ...rest,
    });
  });

  test('in its barest form is title and link', () => {
    expect(renderMessage({ ...MESSAGE, format: 'bare' })).toEqual({ content: `${MESSAGE.title}\n${ADDRESS}`, ...rest });
  });
});

test('every message is within every limit of Discord, and pings nobody', () => {
  fc.assert(
    fc.property(anyMessage, (message) => {
      const body = renderMessage(message);
      expect(() => {
        checkMessage(body);
      }).not.toThrow();
      expect(body.allowed_mentions).toEqual({ parse: [] });
    }),
    { numRuns: 300 },
  );
});

describe('a reply', () => {
  const reply = (part: Partial<Reply>): Reply => ({ lines: [], buttons: [], visibleTo: 'caller', ...part });

  test('shows headings, text, code and linked entries', () => {
    const { embeds } = renderReply(
      reply({
        lines: [
          { kind: 'heading', text: '2 posts' },
          { kind: 'text', text: 'for *bgp*' },
          { kind: 'item', title: 'A [leak]', url: new URL('https://a.example/x_(y)'), detail: 'today' },
          { kind: 'item', title: 'No link', url: null, detail: '' },
          { kind: 'code', text: '/tidings `search`' },
        ],
      }),
    );
    expect(embeds[0]?.description?.split('\n')).toEqual([
      '**2 posts**',
      'for \\*bgp\\*',
      '- [A \\[leak\\]](https://a.example/x_%28y%29)',
      '  today',
      '- **No link**',
      '`/tidings ˋsearchˋ`',
    ]);
  });

  test('carries its buttons, without those whose command is too long, and each command once', () => {
    const { components } = renderReply(
      reply({
        buttons: [
          { label: 'Next', command: 'search bgp page:2' },
          { label: 'Again', command: 'search bgp page:2' },
          { label: 'Long', command: `search ${'x'.repeat(100)}` },
        ],
      }),
    );
    expect(components).toEqual([
      { type: 1, components: [{ type: 2, style: 2, label: 'Again', custom_id: 'search bgp page:2' }] },
    ]);
  });

  test('is within every limit, however much there is to say', () => {
    const line = fc.oneof(
      fc.record({ kind: fc.constantFrom('heading', 'text', 'code'), text: fc.string({ maxLength: 3_000 }) }),
      fc.record({
        kind: fc.constant('item' as const),
        title: fc.string({ maxLength: 600 }),
        url: fc.option(fc.webUrl().map((href) => new URL(href))),
        detail: fc.string({ maxLength: 2_000 }),
      }),
    );
    const button = fc.record({ label: fc.string({ maxLength: 200 }), command: fc.string({ maxLength: 120 }) });
    fc.assert(
      fc.property(fc.array(line, { maxLength: 60 }), fc.array(button, { maxLength: 40 }), (lines, buttons) => {
        expect(() => {
          checkMessage(renderReply(reply({ lines, buttons })));
        }).not.toThrow();
      }),
    );
  });
});
