import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { runCli } from '../../src/cli/cli.js';
import type { CliIo, CliParts, CliSession } from '../../src/cli/session.js';
import type { ChannelRef } from '../../src/chat/channel.js';
import { later } from '../../src/clock.js';
import { createStores, type Stores } from '../../src/store/stores.js';
import { openTestDatabase, type TestDatabase } from '../support/database.js';
import { claimAll, promisePosts } from '../support/deliveries.js';

const NOW = new Date('2026-03-02T00:00:00Z');
const HERE: ChannelRef = { platform: 'slack', workspaceId: 'T1', channelId: 'C1' };
const BESIDE: ChannelRef = { platform: 'slack', workspaceId: 'T1', channelId: 'C2' };
const ELSEWHERE: ChannelRef = { platform: 'discord', workspaceId: '1'.repeat(18), channelId: '2'.repeat(18) };
const ALL = [HERE, BESIDE, ELSEWHERE];
let database: TestDatabase;
let stores: Stores;
let clock = NOW;

beforeAll(async () => {
  database = await openTestDatabase();
  stores = createStores(database.pool);
});
afterAll(() => database.drop());
beforeEach(async () => {
  clock = NOW;
  await database.pool.query('truncate deliveries, pauses, channels cascade');
});

/** One new post, promised to all three channels. */
async function promise(): Promise<void> {
  for (const channel of ALL)
    await stores.subscriptions.add({ channel, target: { kind: 'everything' }, createdBy: 'test' }, NOW);
  await promisePosts(stores, 1, ALL, NOW);
}

/** Takes what may be sent; the ids of the channels. */
async function claimed(): Promise<string[]> {
  const both = [
    await claimAll(stores.deliveries, clock, { platform: 'slack' }),
    await claimAll(stores.deliveries, clock, { platform: 'discord' }),
  ];
  return both.flatMap((claims) => claims.claimed.map(({ delivery }) => delivery.channel.channelId)).sort();
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
  expect(await claimed()).toEqual(others);
  expect((await tidings('resume', what)).said).toBe(`${what} is written to again\n`);
  expect([...others, ...(await claimed())].sort()).toEqual(['2'.repeat(18), 'C1', 'C2']);
});

test('what is paused takes no attempt, and nobody is told that it is due', async () => {
  await promise();
  await tidings('pause', 'slack');
  await tidings('pause', 'discord');
  expect(await claimed()).toEqual([]);
  expect(await stores.deliveries.due(clock, ['slack', 'discord'], 100)).toEqual([]);
  expect(await stores.deliveries.nextDueAt(['slack', 'discord'])).toBeNull();
  const { rows } = await database.pool.query('select state, attempts from deliveries');
  expect(rows).toEqual(ALL.map(() => ({ state: 'pending', attempts: 0 })));
});

test('what was under way when the pause began is looked for after it', async () => {
  await promise();
  await claimed();
  await tidings('pause', 'slack');
  clock = later(NOW, 60_000);
  expect(await claimed()).toEqual(['2'.repeat(18)]);
  await tidings('resume', 'slack');
  const { claimed: again } = await claimAll(stores.deliveries, clock, { platform: 'slack' });
  expect(again.map(({ unknown }) => unknown?.checks)).toEqual([0, 0]);
});

test('a channel that waited for something else is looked at as soon as it is resumed', async () => {
  await promise();
  await tidings('pause', 'slack:T1/C1');
  await database.pool.query(`update channels set next_at = $1 where channel_id = 'C1'`, [later(NOW, 3_600_000)]);
  await tidings('resume', 'slack:T1/C1');
  expect(await claimed()).toContain('C1');
});

test('a pause with an end is over by itself, and is listed until then', async () => {
  clock = new Date();
  await promise();
  await tidings('pause', 'slack', '--for', '2h');
  expect((await tidings('pauses')).said).toMatch(/slack +now +in 2 h +paused by the operator/);
  expect(await claimed()).toEqual(['2'.repeat(18)]);
  await database.pool.query(`update pauses set until = until - interval '2 hours 1 second'`);
  expect((await tidings('pauses')).said).toBe('Nothing is paused.\n');
  expect(await claimed()).toEqual(['C1', 'C2']);
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
