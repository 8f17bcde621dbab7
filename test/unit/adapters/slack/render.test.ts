import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { renderMessage } from '../../../../adapters/slack/render.js';
import { titleLink } from '../../../../adapters/slack/title.js';
import { renderReply } from '../../../../adapters/slack/render-reply.js';
import type { Reply, ReplyLine } from '../../../../src/chat/command.js';
import { anyMessage, MESSAGE } from '../../../contract/chat-adapter.contract.js';
import { blockTrouble } from '../../../support/slack/block-rules.js';
import { readBlocks, readMessage } from '../../../support/slack/reader.js';

describe('a message', () => {
  test('as a card', () => {
    expect(
      renderMessage({ ...MESSAGE, summary: 'Why & how', imageUrl: new URL('https://blog.example/p.png') }),
    ).toEqual({
      text: 'A route leak took three networks offline · Example Networks',
      blocks: [
        {
          type: 'section',
          text: {
            type: 'mrkdwn',
            text: '*<https://blog.example/route-leak?from=feed&amp;part=1|A route leak took three networks offline>*\nWhy &amp; how',
            verbatim: true,
          },
          accessory: {
            type: 'image',
            image_url: 'https://blog.example/p.png',
            alt_text: 'A route leak took three networks offline',
          },
        },
        {
          type: 'context',
          elements: [
            {
              type: 'mrkdwn',
              text: 'Example Networks · A. Writer · <!date^1772600767^{date_short_pretty} {time}|2026-03-04 05:06 UTC> · BGP, Outages',
              verbatim: true,
            },
          ],
        },
      ],
    });
  });

  test('in the plain format is the same as one text', () => {
    const { text, blocks } = renderMessage({
      ...MESSAGE,
      format: 'plain',
      imageUrl: new URL('https://a.example/p.png'),
    });
    expect(blocks).toEqual([]);
    expect(text.split('\n')).toEqual([
      '*<https://blog.example/route-leak?from=feed&amp;part=1|A route leak took three networks offline>*',
      'For forty minutes, prefixes of three networks were announced by a fourth.',
      'Filters were missing.',
      expect.stringContaining('Example Networks · A. Writer · <!date^'),
    ]);
  });

  test('in the bare format is its title and link', () => {
    const { text, blocks } = renderMessage({ ...MESSAGE, format: 'bare' });
    expect(blocks).toEqual([]);
    expect(text).toBe(
      '<https://blog.example/route-leak?from=feed&amp;part=1|A route leak took three networks offline>',
    );
  });

  test('has a small menu: beside the text, or below it where the picture stands there', () => {
    const buttons = [{ label: 'Why here?', command: 'why x' }];
    const overflow = {
      type: 'overflow',
      action_id: 'tidings-menu',
      options: [{ text: { type: 'plain_text', text: 'Why here?', emoji: false }, value: 'why x' }],
    };
    expect(renderMessage({ ...MESSAGE, buttons }).blocks[0]).toMatchObject({ accessory: overflow });
    const { blocks } = renderMessage({ ...MESSAGE, buttons, imageUrl: new URL('https://a.example/p.png') });
    expect(blocks[0]).toMatchObject({ accessory: { type: 'image' } });
    expect(blocks[2]).toEqual({ type: 'actions', elements: [overflow] });
  });

  test('says in which other feeds the article stands', () => {
    const { blocks } = renderMessage({ ...MESSAGE, alsoIn: ['A', 'B', 'A', 'C', 'D', 'E'] });
    expect(readBlocks(blocks)).toContain('BGP, Outages · also in A, B, C and 2 more');
  });

  test('of any content keeps every limit of Slack, with room for an update', () => {
    fc.assert(
      fc.property(anyMessage, (message) => {
        const { text, blocks } = renderMessage(message);
        expect(blockTrouble(JSON.stringify(blocks))).toBeNull();
        expect(text.length).toBeGreaterThan(0);
        expect(text.length).toBeLessThanOrEqual(3_800);
        expect(JSON.stringify(blocks).length).toBeLessThan(12_000);
        expect(readMessage({ text, blocks })).not.toContain('PING(');
      }),
    );
  });
});

describe('the linked title', () => {
  const url = new URL('https://evil.example/x');
  const LIMITS = { title: 500, address: 1_800 };

  test.each(['https://good.example', 'www.good.example', 'good.example/login', 'see https://good.example now'])(
    'of %p does not hide another address behind that one',
    (title) => {
      expect(titleLink(title, url, LIMITS)).toBe(`${title} <https://evil.example/x|evil.example>`);
    },
  );

  test('may name another site in a sentence, and says then where it leads', () => {
    expect(titleLink('Example.com was down', url, LIMITS)).toBe(
      '<https://evil.example/x|Example.com was down> (evil.example)',
    );
  });

  test('of nothing to see is still there to click', () => {
    expect(titleLink('\u202e\u200b', url, LIMITS)).toBe('<https://evil.example/x|(untitled)>');
  });
});

const anyLine: fc.Arbitrary<ReplyLine> = fc.oneof(
  fc.record({
    kind: fc.constantFrom('heading', 'text', 'code'),
    text: fc.string({ maxLength: 5_000, unit: 'grapheme' }),
  }),
  fc.record({
    kind: fc.constant('item' as const),
    title: fc.string({ maxLength: 600 }),
    url: fc.option(fc.webUrl().map((href) => new URL(href))),
    detail: fc.string({ maxLength: 5_000 }),
  }),
);
const anyReply: fc.Arbitrary<Reply> = fc.record({
  lines: fc.array(anyLine, { maxLength: 120 }),
  buttons: fc.array(fc.record({ label: fc.string({ maxLength: 100 }), command: fc.string({ maxLength: 2_100 }) }), {
    maxLength: 30,
  }),
  visibleTo: fc.constantFrom('caller', 'channel'),
});

describe('a reply', () => {
  test('of any length keeps every limit of Slack', () => {
    fc.assert(
      fc.property(anyReply, (reply) => {
        const { text, blocks } = renderReply(reply);
        expect(blockTrouble(JSON.stringify(blocks))).toBeNull();
        expect(text).not.toBe('');
      }),
    );
  });

  test('of a hundred lines shows what fits and says that there is more', () => {
    const lines = Array.from({ length: 100 }, (_, n): ReplyLine => ({ kind: 'text', text: `line ${String(n)}` }));
    const { blocks } = renderReply({
      lines,
      buttons: [{ label: 'Next', command: 'search x page:2' }],
      visibleTo: 'caller',
    });
    expect(blocks).toHaveLength(50);
    expect(readBlocks(blocks)).toContain('… and 52 more');
    expect(readBlocks(blocks)).toContain('[Next]');
  });

  test('shows each kind of line, and each button with its own command', () => {
    const reply: Reply = {
      lines: [
        { kind: 'heading', text: 'Posts' },
        { kind: 'item', title: 'A <b>', url: new URL('https://a.example/'), detail: 'yesterday' },
        { kind: 'code', text: '/tidings help' },
      ],
      buttons: [
        { label: 'Next', command: 'search a page:2' },
        { label: 'Share', command: 'share 1' },
        { label: 'Too long', command: 'x'.repeat(2_001) },
      ],
      visibleTo: 'caller',
    };
    const { blocks } = renderReply(reply);
    expect(readBlocks(blocks)).toBe(
      'Posts\n*A <b> ⇒ https://a.example/*\nyesterday\n```/tidings help```\n[Next] [Share]',
    );
    expect(blocks.at(-1)).toMatchObject({
      elements: [
        { action_id: 'tidings-0', value: 'search a page:2' },
        { action_id: 'tidings-1', value: 'share 1' },
      ],
    });
  });
});
