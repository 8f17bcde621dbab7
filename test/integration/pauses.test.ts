import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { runCli } from '../../src/cli/cli.js';
import type { CliIo, CliParts, CliSession } from '../../src/cli/session.js';
import type { ChannelRef } from '../../src/chat/channel.js';
import { later } from '../../src/clock.js';
import type { DeliveryId } from '../../src/ids.js';
import { createStores, type Stores } from '../../src/store/stores.js';
import { openTestDatabase, type TestDatabase } from '../support/database.js';
import { document, entry, goodPoll, primedFeed } from '../support/entries.js';

const NOW = new Date('2026-03-02T00:00:00Z');
const HERE: ChannelRef = { platform: 'slack', workspaceId: 'T1', channelId: 'C1' };
const BESIDE: ChannelRef = { platform: 'slack', workspaceId: 'T1', channelId: 'C2' };
const ELSEWHERE: ChannelRef = { platform: 'discord', workspaceId: '1'.repeat(18), channelId: '2'.repeat(18) };
const ALL = [HERE, BESIDE, ELSEWHERE];
let database: TestDatabase;
let stores: Stores;
let clock = NOW;
let number = 0;

beforeAll(async () => {
  database = await openTestDatabase();
  stores = createStores(database.pool);
});
afterAll(() => database.drop());
beforeEach(async () => {
  clock = NOW;
  await database.pool.query('truncate deliveries, pauses');
});

/** One new post, promised to all three channels. */
async function promise(): Promise<DeliveryId[]> {
  number += 1;
  const feed = await primedFeed(stores.feeds, `https://f${String(number)}.example/`, [], NOW);
  const added = await stores.feeds.saveDocument(
    feed,
    document([entry(`Post ${String(number)}`)]),
    () => goodPoll(NOW),
    NOW,
  );
  const [sighting] = added.sightings;
  if (!sighting) throw new Error('nothing was stored');
  for (const channel of ALL) await stores.subscriptions.add(channel, { kind: 'everything' }, 'test', NOW);
  const plan = ALL.map((channel) => ({ channel, wantedBy: [{ kind: 'everything' } as const] }));
  return stores.deliveries.savePlan(sighting, plan, NOW);
}

/** The channels that may be written to, by their ids. */
async function open(now = clock): Promise<string[]> {
  const ids = await stores.deliveries.due(now, ['slack', 'discord'], 100);
  const found = await database.pool.query<{ channel_id: string }>(
    'select c.channel_id from deliveries d join channels c on c.id = d.channel_id where d.id = any ($1) order by 1',
    [ids],
  );
  return found.rows.map((one) => one.channel_id);
}

async function tidings(...words: string[]): Promise<{ exitCode: number; said: string }> {
  let said = '';
  const write = (text: string): void => {
    said += text;
  };
  const io: CliIo = {
    ...{ write, writeError: write, isTTY: false, columns: 200, colour: false },
    ask: () => Promise.resolve(null),
    interrupted: () => new AbortController().signal,
  };
  const session: Partial<CliSession> = { ...stores, clock: () => clock, close: () => Promise.resolve() };
  const parts: Partial<CliParts> = { open: () => Promise.resolve(session as CliSession) };
  return { exitCode: await runCli(parts as CliParts, io, words), said };
}

test.each([
  ['slack', ['2'.repeat(18)]],
  ['slack:T1', ['2'.repeat(18)]],
  ['slack:T1/C1', ['2'.repeat(18), 'C2']],
  ['discord', ['C1', 'C2']],
  [`discord:${'1'.repeat(18)}`, ['C1', 'C2']],
  ['slack:T2', ['2'.repeat(18), 'C1', 'C2']],
])('while %s is paused the others are written to, and afterwards all are', async (what, others) => {
  await promise();
  expect((await tidings('pause', what)).exitCode).toBe(0);
  expect(await open()).toEqual(others);
  expect((await tidings('resume', what)).said).toBe(`${what} is written to again\n`);
  expect(await open()).toHaveLength(3);
});

test('a delivery whose bell rang already is not claimed in a pause, and takes no attempt', async () => {
  const promised = await promise();
  await tidings('pause', 'slack');
  await tidings('pause', 'discord');
  for (const id of promised) {
    expect(await stores.deliveries.claim(id, ['slack', 'discord'], NOW, later(NOW, 30_000))).toBeNull();
  }
  const { rows } = await database.pool.query('select state, attempts from deliveries');
  expect(rows).toEqual(promised.map(() => ({ state: 'pending', attempts: 0 })));
});

test('what was under way when the pause began is looked up after it', async () => {
  const [first] = await promise();
  if (!first) throw new Error('nothing was promised');
  await stores.deliveries.claim(first, ['slack'], NOW, later(NOW, 30_000));
  await tidings('pause', 'slack');
  clock = later(NOW, 60_000);
  expect(await open()).toEqual(['2'.repeat(18)]);
  expect(await stores.deliveries.claim(first, ['slack'], clock, later(clock, 30_000))).toBeNull();
  await tidings('resume', 'slack');
  const claimed = await stores.deliveries.claim(first, ['slack'], clock, later(clock, 30_000));
  expect(claimed?.checks).toBe(0);
});

test('a pause with an end is over by itself, and is listed until then', async () => {
  await promise();
  await tidings('pause', 'slack', '--for', '2h');
  expect((await tidings('pauses')).said).toMatch(/slack +now +in 2 h +paused by the operator/);
  clock = later(NOW, 7_200_000);
  expect((await tidings('pauses')).said).toBe('Nothing is paused.\n');
  expect(await open()).toHaveLength(3);
});

test('what else keeps it silent is said', async () => {
  await tidings('pause', 'slack');
  await tidings('pause', 'slack:T1');
  expect((await tidings('resume', 'slack:T1')).said).toBe('slack:T1 stays silent: slack is paused too\n');
  const again = await tidings('resume', 'slack:T1/C1');
  expect(again).toEqual({
    exitCode: 65,
    said: 'tidings: slack:T1/C1 is not paused itself; slack is: tidings resume slack\n',
  });
});

test.each([
  [['pause', 'slck'], 'Did you mean "slack"?'],
  [['pause', 'slck:T1'], 'Did you mean "slack:T1"?'],
  [['resume', 'discrod'], 'Did you mean "discord"?'],
  [['pause', 'slack:general'], 'is not a channel'],
  [['pause', 'slack', '--for', 'soon'], 'Write a time such as 30m, 2h or 3d'],
])('%j says what to type', async (words, advice) => {
  const { exitCode, said } = await tidings(...words);
  expect(exitCode).toBe(64);
  expect(said).toContain(advice);
});
