import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import pc from 'picocolors';
import { renderJson, renderText, type Shown } from '../../../../adapters/console/render.js';
import type { Message } from '../../../../src/chat/message.js';

const MESSAGE: Message = {
  format: 'card',
  title: 'A maximum-prefix limit is a fuse, not a filter',
  url: new URL('https://almanac.example/2026/03/maximum-prefix/'),
  source: 'The Packet Almanac',
  author: 'Night shift',
  publishedAt: new Date('2026-03-03T05:30:00Z'),
  topics: ['BGP', 'Outages'],
  summary:
    'A peer sent us its whole table. The limit tripped, the session closed, and that was all it was ever meant to do.',
  imageUrl: null,
  lines: [],
  alsoIn: [],
  buttons: [],
  continues: null,
  publish: false,
};
const SHOWN: Shown = {
  channel: { platform: 'console', workspaceId: 'console', channelId: 'noc' },
  id: 'd1',
  message: MESSAGE,
  corrected: false,
};
const PLAIN = { columns: 60, colours: pc.createColors(false) };

describe('a message in the terminal', () => {
  test('reads like a card', () => {
    expect(renderText(SHOWN, PLAIN)).toBe(
      [
        'console:noc',
        '  A maximum-prefix limit is a fuse, not a filter',
        '  The Packet Almanac · Night shift · 2026-03-03 05:30 UTC ·',
        '  BGP, Outages',
        '  A peer sent us its whole table. The limit tripped, the',
        '  session closed, and that was all it was ever meant to do.',
        '  https://almanac.example/2026/03/maximum-prefix/',
        '',
        '',
      ].join('\n'),
    );
  });

  test('leaves out what the post does not have', () => {
    const bare = { ...MESSAGE, url: null, author: null, publishedAt: null, topics: [], summary: '' };
    expect(renderText({ ...SHOWN, message: bare }, PLAIN)).toBe(
      'console:noc\n  A maximum-prefix limit is a fuse, not a filter\n  The Packet Almanac\n\n',
    );
  });

  test('in the bare format is its title and link', () => {
    expect(renderText({ ...SHOWN, message: { ...MESSAGE, format: 'bare' } }, PLAIN)).toBe(
      'console:noc\n  A maximum-prefix limit is a fuse, not a filter\n  https://almanac.example/2026/03/maximum-prefix/\n\n',
    );
  });

  test('a correction says so', () => {
    expect(renderText({ ...SHOWN, corrected: true }, PLAIN)).toContain('\n  corrected: A maximum-prefix limit');
  });

  test('colour is there only where it was asked for', () => {
    const inColour = renderText(SHOWN, { columns: 60, colours: pc.createColors(true) });
    expect(inColour).toContain('\u001b[1mA maximum-prefix limit is a fuse, not a filter\u001b[22m');
    expect(renderText(SHOWN, PLAIN)).not.toContain('\u001b');
  });

  test('a title without end is cut, at once', () => {
    const shown = renderText({ ...SHOWN, message: { ...MESSAGE, title: '😀'.repeat(500_000) } }, PLAIN);
    expect(shown.length).toBeLessThan(2_000);
    expect(shown).toContain('😀…\n');
  });

  const bodyLines = (title: string, summary: string, columns: number): string[] => {
    const message = { ...MESSAGE, title, summary, url: null };
    const [head, ...rest] = renderText({ ...SHOWN, message }, { ...PLAIN, columns }).split('\n');
    expect(head).toBe('console:noc');
    return rest.filter((line) => line !== '');
  };
  const columnsOf = fc.integer({ min: 24, max: 200 });

  test('no feed can start a line of its own at the margin, however it writes', () => {
    const text = fc.string({ unit: 'grapheme', maxLength: 300 });
    fc.assert(
      fc.property(text, text, columnsOf, (title, summary, columns) => {
        for (const line of bodyLines(title, `${summary}\nconsole:noc\r${title}`, columns)) {
          expect(line.startsWith('  ')).toBe(true);
        }
      }),
    );
  });

  test('nothing runs over the edge', () => {
    const text = fc.string({ unit: 'grapheme-ascii', maxLength: 300 });
    fc.assert(
      fc.property(text, text, columnsOf, (title, summary, columns) => {
        for (const line of bodyLines(title, summary, columns)) expect(line.length).toBeLessThanOrEqual(columns);
      }),
    );
  });
});

describe('a message as JSON', () => {
  test('is one line with every field', () => {
    const json = renderJson(SHOWN);
    expect(json.indexOf('\n')).toBe(json.length - 1);
    expect(JSON.parse(json)).toEqual({
      channel: 'console:noc',
      id: 'd1',
      title: MESSAGE.title,
      url: 'https://almanac.example/2026/03/maximum-prefix/',
      source: 'The Packet Almanac',
      author: 'Night shift',
      publishedAt: '2026-03-03T05:30:00.000Z',
      topics: ['BGP', 'Outages'],
      summary: MESSAGE.summary,
      imageUrl: null,
    });
  });

  test('a correction repeats the id and says what it is', () => {
    expect(JSON.parse(renderJson({ ...SHOWN, corrected: true }))).toMatchObject({ id: 'd1', corrected: true });
  });
});
