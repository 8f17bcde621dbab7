import { describe, expect, test } from '@jest/globals';
import { renderReply } from '../../../adapters/slack/render-reply.js';
import { weeklySentence } from '../../../src/commands/sample-lines.js';
import type { Weekly } from '../../../src/deliveries/weekly.js';
import { linesOf, openBench } from '../../support/command-bench.js';
import { memoryPost } from '../../support/memory-stores.js';

const DAY_MS = 86_400_000;
const posts = [
  memoryPost('BGP in the dark'),
  memoryPost('Bread'),
  memoryPost('<!channel> *BGP* <https://evil.example|here>'),
  memoryPost('More BGP'),
  memoryPost('The oldest BGP'),
];

describe('what subscribe shows before anything is sent', () => {
  test('is the three newest posts that fit, their sources and days, and how many a week to expect', async () => {
    const { give, world } = openBench({ posts });
    expect(linesOf(await give('subscribe bgp'))).toEqual([
      expect.stringContaining('From now on this channel is told of the topic "BGP".'),
      'The newest that would have been sent:',
      'BGP in the dark — Example · 3 Mar 2026',
      '<!channel> *BGP* <https://evil.example|here> — Example · 3 Mar 2026',
      'More BGP — Example · 3 Mar 2026',
      'Expect about 1 post a week, going by the last 4 weeks.',
      'To stop it:',
      '/tidings unsubscribe bgp',
    ]);
    expect(world.subscriptions).toHaveLength(1);
  });

  test('is shown to the caller alone, and a second time too', async () => {
    const { give } = openBench({ posts });
    await give('subscribe everything');
    const again = await give('subscribe everything');
    expect(again.visibleTo).toBe('caller');
    expect(again.lines).toContainEqual({
      kind: 'item',
      title: 'Bread',
      url: new URL('https://example.org/post'),
      detail: 'Example · 3 Mar 2026',
    });
  });

  test('cannot call or mislead anybody by its title', async () => {
    const { give } = openBench({ posts });
    const sent = JSON.stringify(renderReply(await give('subscribe bgp')));
    expect(sent).toContain('evil.example');
    expect(sent).not.toMatch(/<!channel|<https:\/\/evil/);
  });

  test('says so when nothing fits', async () => {
    const { give } = openBench({ posts });
    expect(linesOf(await give('subscribe "wine"'))).toEqual(
      expect.arrayContaining([
        'Of the newest posts that are stored, none would have been sent.',
        'None came in the last 4 weeks.',
      ]),
    );
  });
});

test.each<[Weekly, string]>([
  [{ kind: 'unread' }, 'There are no posts yet: nothing of it has been read so far.'],
  [{ kind: 'too-early' }, 'How many a week to expect can be said after a day of following.'],
  [measured(12.4, 'about', 28), 'Expect about 12 posts a week, going by the last 4 weeks.'],
  [measured(12.9, 'at-least', 28), 'Expect at least 12 posts a week, going by the last 4 weeks.'],
  [measured(0.6, 'about', 28), 'Expect less than one post a week, going by the last 4 weeks.'],
  [measured(0.25, 'about', 28), 'Expect less than one post a week, going by the last 4 weeks.'],
  [measured(0.25, 'at-least', 28), 'Expect a post now and then, going by the last 4 weeks.'],
  [measured(3500, 'at-least', 1), 'Expect at least 3500 posts a week, going by the last day.'],
  [measured(0, 'about', 3.9), 'None came in the last 3 days.'],
])('%j is said as: %s', (weekly, sentence) => {
  expect(weeklySentence(weekly)).toBe(sentence);
});

function measured(perWeek: number, precision: 'about' | 'at-least', days: number): Weekly {
  return { kind: 'measured', perWeek, precision, overMs: days * DAY_MS };
}
