import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ChannelRef } from '../../src/chat/channel.js';
import type { ChatAdapter } from '../../src/chat/chat-adapter.js';
import { systemClock } from '../../src/clock.js';
import { createOnCommand } from '../../src/commands/run-command.js';
import { createSender } from '../../src/deliveries/sender.js';
import { tellOwners } from '../../src/deliveries/tell-owners.js';
import type { LogFields } from '../../src/log.js';
import { createStores, type Stores } from '../../src/store/stores.js';
import { openTestDatabase, silentLog, type TestDatabase } from '../support/database.js';
import { promisePosts } from '../support/deliveries.js';
import { openDiscord, type OpenedDiscord } from '../support/discord/open-adapter.js';
import { openSlackAdapter, slackChannel } from '../support/slack/harness.js';
import { startSlackServer, type SlackServer } from '../support/slack/slack-server.js';
import { CHANNELS } from '../support/slack/workspace.js';

const NEWS = slackChannel(CHANNELS.news);
const BESIDE = slackChannel('C0000BESIDE');
const OWNERS = ['U0000000ANN', 'U0000000BOB'];
const READER = '400000000000000001';
const READERS_DIRECT = '400000000000000002';
let database: TestDatabase;
let stores: Stores;
let slack: SlackServer;
let discord: OpenedDiscord;
const logged: { event: string; fields: LogFields }[] = [];
const log = {
  ...silentLog,
  warn: (event: string, fields: LogFields = {}) => void logged.push({ event, fields }),
  error: (event: string, fields: LogFields = {}) => void logged.push({ event, fields }),
};

beforeAll(async () => {
  database = await openTestDatabase();
  stores = createStores(database.pool);
});
afterAll(() => database.drop());
beforeEach(async () => {
  await database.pool.query('truncate deliveries, pauses, channels cascade');
  logged.length = 0;
  slack = await startSlackServer({ channels: [BESIDE.channelId] });
  discord = await openDiscord({ gateway: false });
});
afterEach(async () => {
  await slack.close();
  await discord.close();
});

const openSlack = (): ChatAdapter => openSlackAdapter(slack.apiUrl, { commands: 'off' }).adapter;

/** A subscription for each of them. */
async function subscribe(channel: ChannelRef, by: readonly string[]): Promise<void> {
  for (const user of by) {
    await stores.subscriptions.add(
      { channel, target: { kind: 'query', text: `asked by ${user}` }, createdBy: user },
      new Date(),
    );
  }
}

/** Sends what is due, as a process of its own would, until nothing is. */
async function sendAll(adapter: ChatAdapter): Promise<void> {
  const sender = createSender(
    { deliveries: stores.deliveries, topics: [], clock: systemClock, log, lingerMs: 1_500 },
    adapter,
  );
  await sender.wake();
  await sender.stop();
}

const tell = (adapter: ChatAdapter): Promise<void> =>
  tellOwners(
    {
      refusals: stores.refusals,
      adapters: new Map([[adapter.platform, adapter]]),
      clock: systemClock,
      log,
    },
    () => false,
  );

const onCommand = () => createOnCommand({ ...stores, topics: [], clock: systemClock });

async function type(channel: ChannelRef): Promise<string> {
  const caller = { id: 'U1', name: 'ann', mayManage: true };
  return JSON.stringify(await onCommand()({ name: 'subscriptions', options: {}, channel, caller }));
}

const states = async (): Promise<string[]> =>
  (await database.pool.query<{ state: string }>('select state from deliveries order by seq')).rows.map(
    ({ state }) => state,
  );

test('each owner of a Slack channel that lost us is told once, by any number of processes and starts', async () => {
  await subscribe(NEWS, OWNERS);
  await promisePosts(stores, 2, [NEWS], new Date());
  slack.fail('chat.postMessage', { kind: 'error', error: 'not_in_channel' });
  await sendAll(openSlack());
  await Promise.all([tell(openSlack()), tell(openSlack())]);
  await tell(openSlack());
  for (const owner of OWNERS) {
    const told = slack.messages(owner).map(({ text }) => text);
    expect(told).toHaveLength(1);
    expect(told[0]).toContain(`cannot post in <#${NEWS.channelId}> since ${new Date().toISOString().slice(0, 10)}`);
    expect(told[0]).toContain('/invite');
    expect(told[0]).toContain('Nothing is lost for 7 days');
  }
  // A probe that fails too is the same refusal.
  slack.fail('chat.postMessage', { kind: 'error', error: 'not_in_channel' });
  await stores.refusals.tryAgain(NEWS, new Date());
  await sendAll(openSlack());
  await tell(openSlack());
  expect(slack.messages(OWNERS[0] ?? '')).toHaveLength(1);
});

test('an owner of whom a process knew when it died hears nothing rather than everything twice', async () => {
  await subscribe(NEWS, OWNERS);
  await promisePosts(stores, 1, [NEWS], new Date());
  slack.fail('chat.postMessage', { kind: 'error', error: 'not_in_channel' });
  await sendAll(openSlack());
  const claimed = await stores.refusals.claimNote(['slack'], new Date());
  const inAnHour = new Date(Date.now() + 3_600_000);
  const next = await stores.refusals.claimNote(['slack'], inAnHour);
  expect(new Set([claimed?.userId, next?.userId])).toEqual(new Set(OWNERS));
  expect(await stores.refusals.claimNote(['slack'], inAnHour)).toBeNull();
  if (next) await stores.refusals.putOffNote(next, inAnHour);
  expect(await stores.refusals.claimNote(['slack'], inAnHour)).toMatchObject({ userId: next?.userId, attempts: 2 });
});

test('a command typed in the channel tries again at once, all that waited follows in order, and a new refusal is told anew', async () => {
  await subscribe(NEWS, OWNERS.slice(0, 1));
  await promisePosts(stores, 2, [NEWS], new Date());
  slack.fail('chat.postMessage', { kind: 'error', error: 'not_in_channel' });
  await sendAll(openSlack());
  await tell(openSlack());
  expect(await states()).toEqual(['pending', 'pending']);
  const [view] = await stores.subscriptions.list(NEWS, new Date());
  expect(view).toMatchObject({ channelTrouble: 'not-a-member' });
  expect(Date.now() - (view?.troubledSince?.getTime() ?? 0)).toBeLessThan(60_000);

  expect(await type(NEWS)).toContain('Nothing can be posted here since');
  await sendAll(openSlack());
  expect(await states()).toEqual(['sent', 'sent']);
  expect(slack.messages(NEWS.channelId)).toHaveLength(2);
  expect((await stores.subscriptions.list(NEWS, new Date()))[0]).toMatchObject({
    channelTrouble: null,
    troubledSince: null,
  });

  await promisePosts(stores, 1, [NEWS], new Date());
  slack.fail('chat.postMessage', { kind: 'error', error: 'is_archived' });
  await sleep(1_100);
  await sendAll(openSlack());
  await tell(openSlack());
  expect(slack.messages(OWNERS[0] ?? '')).toHaveLength(2);
}, 20_000);

test('the operator is told in the log, and so is it when an owner takes no direct messages', async () => {
  await subscribe(NEWS, ['cli', ...OWNERS.slice(0, 1)]);
  await promisePosts(stores, 1, [NEWS], new Date());
  slack.fail('chat.postMessage', { kind: 'error', error: 'not_in_channel' });
  await sendAll(openSlack());
  slack.fail('chat.postMessage', { kind: 'error', error: 'messages_tab_disabled' });
  await tell(openSlack());
  await tell(openSlack());
  expect(slack.messages(OWNERS[0] ?? '')).toHaveLength(0);
  const refused = logged.filter(({ event }) => event === 'channel.refused').map(({ fields }) => fields);
  expect(refused).toHaveLength(2);
  expect(refused).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ user: 'cli', reason: 'not-a-member' }),
      expect.objectContaining({ user: OWNERS[0], told: 'refused' }),
    ]),
  );
});

test('while Slack limits direct messages, an owner waits for theirs, and gets one', async () => {
  await subscribe(NEWS, OWNERS.slice(0, 1));
  await promisePosts(stores, 1, [NEWS], new Date());
  slack.fail('chat.postMessage', { kind: 'error', error: 'not_in_channel' });
  await sendAll(openSlack());
  slack.fail('chat.postMessage', { kind: 'throttled', retryAfterS: 1 });
  await tell(openSlack());
  await tell(openSlack());
  expect(slack.messages(OWNERS[0] ?? '')).toHaveLength(0);
  await sleep(1_100);
  await tell(openSlack());
  expect(slack.messages(OWNERS[0] ?? '')).toHaveLength(1);
});

test('on Discord the owner of a channel that may not be written to hears of it, and nobody is pinged', async () => {
  const { server, adapter, channel } = discord;
  await subscribe(channel, [READER]);
  await promisePosts(stores, 1, [channel], new Date());
  server.permit(channel.channelId, { view: true, send: false, history: true });
  await sendAll(adapter);
  await tell(adapter);
  await tell(adapter);
  const told = server.messages(READERS_DIRECT).map(({ content }) => content);
  expect(told).toHaveLength(1);
  expect(told[0]).toContain(`<#${channel.channelId}>`);
  expect(told[0]).toContain('Send Messages');
  expect(server.platform.pings).toEqual([]);
  server.permit(channel.channelId, { view: true, send: true, history: true });
  await type(channel);
  await sendAll(adapter);
  expect(server.messages(channel.channelId)).toHaveLength(1);
});

test('a workspace that is gone is asked once, all its channels wait, and a start of the bot tries again', async () => {
  await subscribe(NEWS, OWNERS);
  await subscribe(BESIDE, OWNERS);
  await promisePosts(stores, 1, [NEWS], new Date());
  const adapter = openSlack();
  slack.fail('chat.postMessage', { kind: 'error', error: 'account_inactive' });
  await sendAll(adapter);
  await promisePosts(stores, 1, [NEWS, BESIDE], new Date());
  await sendAll(adapter);
  expect(slack.requests('chat.postMessage')).toHaveLength(1);
  expect(await states()).toEqual(['pending', 'pending', 'pending']);
  expect(await stores.pauses.list(new Date())).toMatchObject([
    { scope: { platform: 'slack', workspaceId: NEWS.workspaceId, channelId: '' }, reason: 'workspace-gone' },
  ]);
  const [beside] = await stores.subscriptions.list(BESIDE, new Date());
  expect(beside?.channelTrouble).toBe('workspace-gone');
  expect(logged.map(({ event }) => event)).toContain('workspace.gone');
  await tell(adapter);
  expect(slack.messages(OWNERS[0] ?? '')).toHaveLength(0);

  await stores.refusals.startAnew(['slack'], new Date());
  await sendAll(adapter);
  expect(await states()).toEqual(['sent', 'sent', 'sent']);
}, 20_000);

test.each(['resume', 'command'] as const)('a workspace that is back is written to after a %s', async (how) => {
  await subscribe(NEWS, OWNERS);
  await promisePosts(stores, 1, [NEWS], new Date());
  slack.fail('chat.postMessage', { kind: 'error', error: 'token_revoked' });
  await sendAll(openSlack());
  const { platform, workspaceId } = NEWS;
  if (how === 'resume') await stores.pauses.resume({ platform, workspaceId, channelId: '' }, new Date());
  else await type(BESIDE);
  await sendAll(openSlack());
  expect(await states()).toEqual(['sent']);
});

test('a token that Discord refuses stops the platform, loudly, and asks no more', async () => {
  const { server, adapter, channel, otherChannel } = discord;
  await subscribe(channel, [READER]);
  await subscribe(otherChannel, [READER]);
  await promisePosts(stores, 1, [channel], new Date());
  server.revokeToken();
  await sendAll(adapter);
  const asked = server.requests().length;
  await promisePosts(stores, 3, [channel, otherChannel], new Date());
  await sendAll(adapter);
  expect(server.requests()).toHaveLength(asked);
  expect(logged.map(({ event }) => event)).toContain('token.refused');
  expect(await stores.pauses.list(new Date())).toMatchObject([
    { scope: { platform: 'discord', workspaceId: '', channelId: '' }, reason: 'bad-credentials' },
  ]);
  expect(new Set(await states())).toEqual(new Set(['pending']));
});
