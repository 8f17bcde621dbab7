import { expect, test } from '@jest/globals';
import { whyLines, type WhyReport, type WhySighting } from '../../../src/deliveries/why.js';
import type { PostId } from '../../../src/ids.js';

const NOW = new Date('2026-03-02T00:00:00Z');

function lastLine(...fates: readonly WhySighting['fate'][]): string | undefined {
  const report: WhyReport = {
    kind: 'stored',
    post: { id: 'p' as PostId, title: 'A post', url: null, publishedAt: null, firstSeenAt: NOW },
    sightings: fates.map((fate) => ({ feedTitle: 'A feed', feedUrl: 'https://a.example/', firstSeenAt: NOW, fate })),
    deliveries: [],
  };
  return whyLines(report, () => 'now').at(-1);
}

test('a post that nobody heard of says whether that was by rule, by choice or for now', () => {
  expect(lastLine('backlog', 'backlog')).toMatch(/never announced/);
  expect(lastLine('backlog', 'matched')).toMatch(/no subscription wanted it/);
  expect(lastLine('matched', 'waiting')).toMatch(/waits to be matched/);
});
