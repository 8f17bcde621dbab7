import { expect, test } from '@jest/globals';
import { whyLines } from '../../../src/deliveries/why-lines.js';
import type { WhyDelivery, WhyReport, WhySighting } from '../../../src/deliveries/why.js';
import type { PostId, TopicId } from '../../../src/ids.js';

type Stored = Extract<WhyReport, { kind: 'stored' }>;
const at = (minute: number): Date => new Date(Date.UTC(2026, 2, 2, 0, minute));
const when = (time: Date): string => time.toISOString().slice(11, 16);

const MATCHED: WhySighting = {
  ...{ feedTitle: 'A feed', feedUrl: 'https://a.example/', firstSeenAt: at(0), fate: 'announced', sameBy: null },
  ...{ copies: 0, identityMode: null, filtered: [], matchedAt: at(1), wanted: 0, promised: 0, events: [] },
};
const BACKLOG: WhySighting = { ...MATCHED, fate: 'backlog', matchedAt: at(0), wanted: null };
const WAITING: WhySighting = { ...MATCHED, matchedAt: null, wanted: null };
const SENT: WhyDelivery = {
  channel: { platform: 'slack', workspaceId: 'T1', channelId: 'C1' },
  ...{ state: 'sent', reason: null, attempts: 1, promisedAt: at(1), firstTriedAt: at(2), dueAt: null, endedAt: at(3) },
  inDigest: false,
  edit: null,
  wantedBy: [
    { kind: 'topic', topicId: 'bgp' as TopicId },
    { kind: 'feed', feedId: 'f' as never },
  ],
};

function lines(sightings: readonly WhySighting[], over: Partial<Stored> = {}): string[] {
  const post = { id: 'p' as PostId, title: 'A post', url: null, publishedAt: null, firstSeenAt: at(0) };
  const none = { deliveries: [], amendment: null, others: [] };
  return whyLines({ kind: 'stored', post, sightings, ...none, ...over }, when);
}

const about = (...sightings: readonly WhySighting[]): string => lines(sightings).join('\n');

test('a post that nobody heard of says whether that was by rule, by choice or for now', () => {
  expect(lines([BACKLOG, BACKLOG]).at(-1)).toMatch(/never announced/);
  expect(lines([BACKLOG, MATCHED]).at(-1)).toMatch(/no subscription wanted it/);
  expect(lines([MATCHED, WAITING]).at(-1)).toMatch(/waits to be matched/);
});

test('decisions are told in the order they were taken, whatever feed they are about', () => {
  const edited = { kind: 'edited', by: 'guid', changed: ['title', 'text'], formerTitle: 'A psot', times: 1 } as const;
  const first = { ...MATCHED, wanted: 1, promised: 1, events: [{ ...edited, at: at(7) }] };
  const copy = { ...MATCHED, feedTitle: 'B feed', firstSeenAt: at(5), matchedAt: at(6), wanted: 2, promised: 1 };
  expect(lines([first, { ...copy, sameBy: 'link' }], { deliveries: [SENT] }).slice(3)).toEqual([
    'What was decided',
    '  00:00  A feed: new, and from no other feed; whoever wants it is told',
    '  00:01  A feed: wanted by 1 channel',
    '  00:05  B feed: new here, but the article that A feed had brought, for they have one link, and titles or words that agree; whoever wants it is told',
    '  00:06  B feed: wanted by 2 channels, of which 1 had been promised it before',
    '  00:07  A feed: edited the title, which was "A psot", and the text; known by its guid, and a title, text or date that agrees',
    '',
    'Told',
    '  slack:T1/C1: sent 00:03, tried 1 time; it follows the topic bgp and the feed',
  ]);
});

test('an entry under new guids was known by something else', () => {
  const renamed = { kind: 'renamed', by: 'link', at: at(9), times: 3 } as const;
  expect(about({ ...MATCHED, events: [renamed] })).toContain('a new guid or link, 3 times by now; not told again');
});

test('a link that was taken away or came is named', () => {
  const edited = {
    kind: 'edited',
    by: 'title+date',
    changed: ['link'],
    formerLink: null,
    at: at(1),
    times: 1,
  } as const;
  expect(about({ ...MATCHED, events: [edited] })).toContain('edited the link, which was missing; known by its title');
});

test('a post whose feeds were removed says so', () => {
  const said = lines([], { deliveries: [SENT] });
  expect(said.join('\n')).toMatch(/No feed that carried it is followed any more/);
  expect(said.at(-1)).toMatch(/sent 00:03/);
});

test('what the sent messages lack, and what else may have been meant', () => {
  const amendment = { kinds: ['title', 'also-in'], at: at(9) } as const;
  const others = [{ title: 'Another', url: new URL('https://a.example/2') }];
  expect(lines([MATCHED], { amendment, others, deliveries: [SENT] }).slice(-4)).toEqual([
    'What was sent before 00:09 was to be edited, for it lacked the new title and the other feed.',
    '',
    'Also found',
    '  Another https://a.example/2',
  ]);
});
