import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { renderMessage as onDiscord } from '../../../adapters/discord/render.js';
import { renderMessage as onSlack } from '../../../adapters/slack/render.js';
import { isBurst } from '../../../src/deliveries/burst.js';
import { planBurst, planHeld, planRest } from '../../../src/deliveries/digest.js';
import { showsThePast } from '../../../src/feeds/grown-window.js';
import { MESSAGE } from '../../contract/chat-adapter.contract.js';

const line = fc.record({
  title: fc.oneof(
    fc.string({ maxLength: 400, unit: 'grapheme' }),
    fc.constantFrom('*'.repeat(300), '&<>@|'.repeat(60)),
  ),
  url: fc.option(fc.webUrl({ withQueryParameters: true }).map((href) => new URL(href))),
  source: fc.string({ maxLength: 100 }),
});
const lines = fc.array(line, { maxLength: 120 });

test('every promised post is in exactly one digest or message, in order, and the newest are messages', () => {
  fc.assert(
    fc.property(lines, (promised) => {
      const numbered = promised.map((one, number) => ({ ...one, number }));
      const { digests, messages } = planBurst(numbered, 'A feed');
      const told = [...digests.flatMap((digest) => digest.lines), ...messages].map(({ number }) => number);
      expect(told).toEqual(numbered.map(({ number }) => number));
      expect(messages).toHaveLength(promised.length > 5 ? 3 : promised.length);
    }),
  );
});

const headed = fc
  .record({ count: fc.nat(60), length: fc.nat(200), heading: fc.constantFrom('DNS', 'x'.repeat(90), '*'.repeat(80)) })
  .map(({ count, length, heading }) =>
    Array.from({ length: count }, (_, index) => ({
      ...{ title: 'x'.repeat(length), url: null, source: '' },
      heading: `${String(index)}${heading}`,
    })),
  );

test('each digest fits one message of every platform, whatever its posts and topics are called', () => {
  fc.assert(
    fc.property(fc.oneof(lines, headed), fc.constantFrom('card', 'plain'), (waiting, format) => {
      for (const { title, text: summary, lines: named } of [...planRest(waiting, 20), ...planHeld(waiting)]) {
        const message = { ...MESSAGE, format, title, summary, lines: named } as const;
        const { content, embeds } = onDiscord(message);
        expect(content.length).toBeLessThanOrEqual(2_000);
        const text = embeds[0]?.description ?? '';
        expect(text.length).toBeLessThanOrEqual(4_096);
        expect(text.match(/^• /gm) ?? []).toHaveLength(format === 'card' ? named.length : 0);
        const slack = onSlack(message);
        expect(slack.text.length).toBeLessThanOrEqual(4_000);
        expect(JSON.stringify(slack.blocks).length).toBeLessThan(10_000);
      }
    }),
  );
});

test('a burst is more than five, and more than three times what is usual', () => {
  expect([isBurst(5, []), isBurst(6, []), isBurst(6, [2, 2]), isBurst(7, [2, 2])]).toEqual([false, true, false, true]);
});

const at = (...days: number[]) => days.map((day) => new Date(day * 86_400_000));
test.each([
  ['several older ones', at(100), at(1, 2, 3), true],
  ['two older ones', at(100), at(1, 2), false],
  ['one that is newer among them', at(100), at(1, 2, 3, 101), false],
  ['one without a date', at(100), [...at(1, 2, 3), null], false],
  ['an empty window before', [], at(1, 2, 3), false],
  ['a window whose dates are those of its making', at(100, 100, 100, 4), at(5, 6, 7), false],
  ['new ones that share one date', at(100), at(1, 1, 1), false],
] as const)('a window that grew: %s', (_, previous, fresh, past) => {
  expect(showsThePast(previous, fresh)).toBe(past);
});
