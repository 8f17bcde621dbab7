import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import type { Platform } from '../../src/chat/channel.js';
import { openTestDatabase, type TestDatabase } from '../support/database.js';
import { openDeliveryWorld, type DeliveryWorld } from '../support/deliveries/delivery-world.js';
import { DISCORD_ROWS, SLACK_ROWS, type FaultRow } from '../support/deliveries/fault-rows.js';
import { readLedger } from '../support/deliveries/ledger.js';
import type { DiscordFault } from '../support/discord/faults.js';
import { FAULTS } from '../support/discord/faults.js';
import type { SlackFault } from '../support/slack/faults.js';

const SLACK_POST = 'chat.postMessage';
const DISCORD_POST = 'POST /channels/:id/messages';
const HOUR_MS = 3_600_000;
const ARRIVED = { promised: 3, messages: 3, missing: 0, repeated: 0, outOfOrder: 0, strange: 0 };

let database: TestDatabase;
beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database.drop());
const opened: DeliveryWorld[] = [];
afterEach(async () => {
  for (const world of opened.splice(0)) await world.close();
});

async function open(platform: Platform, channels = 1): Promise<DeliveryWorld> {
  const world = await openDeliveryWorld({
    slackChannels: platform === 'slack' ? channels : 0,
    discordChannels: platform === 'discord' ? channels : 0,
    senders: 1,
    database,
    slack: { burst: 3 },
    discord: { bucket: { limit: 5, perMs: 5_000 }, globalPerSecond: 50 },
  });
  opened.push(world);
  return world;
}

/** Three posts for one channel, of which the first meets the fault. */
async function meet(world: DeliveryWorld, platform: Platform, row: FaultRow<SlackFault> | FaultRow<DiscordFault>) {
  for (let left = row.times ?? 1; left > 0; left -= 1) {
    if (platform === 'slack') world.slack.fail(SLACK_POST, row.fault as SlackFault);
    else world.discord.fail(DISCORD_POST, row.fault as DiscordFault);
  }
  await world.promise(3);
  await world.run(row.withinS * 1_000);
  const posts = platform === 'slack' ? world.slack.requests(SLACK_POST) : world.discord.requests(DISCORD_POST);
  return {
    ledger: await readLedger(world),
    posts: posts.length - 2,
    sent: (await world.stores.statusOf.counts()).deliveries.sent,
  };
}

describe.each([
  ['slack' as const, SLACK_ROWS],
  ['discord' as const, DISCORD_ROWS],
])('on %s, whatever the first post meets, it and those after it arrive once and in order', (platform, rows) => {
  test.each(rows.map((row) => [row.name, row] as const))('%s', async (_, row) => {
    const { ledger, posts, sent } = await meet(await open(platform), platform, row);
    expect(ledger).toEqual(ARRIVED);
    expect(sent).toBe(3);
    expect(posts).toBe(row.posts ?? posts);
  });
});

describe('trouble of one channel', () => {
  test('holds up no other', async () => {
    const world = await open('slack', 2);
    const [bad, good] = world.channels;
    if (!bad || !good) throw new Error('two channels');
    world.slack.fail(SLACK_POST, { kind: 'error', error: 'channel_not_found' });
    await world.promise(1, [bad]);
    await world.run(1_000);
    await world.promise(3, [good]);
    await world.run(10_000);
    expect(world.slack.messages(good.channelId)).toHaveLength(3);
    expect(world.slack.messages(bad.channelId)).toHaveLength(0);
  });

  test('that nobody mends in a week ends its promises, and costs few requests', async () => {
    const world = await open('slack');
    world.slack.fail(SLACK_POST, { kind: 'error', error: 'channel_not_found' }, 10_000);
    await world.promise(1);
    await world.run(30 * 24 * HOUR_MS);
    expect((await world.stores.statusOf.counts()).deliveries).toMatchObject({ sent: 0, pending: 0 });
    expect(world.slack.requests(SLACK_POST).length).toBeLessThan(30);
  });
});

describe('a token that Discord refuses', () => {
  test('is not tried again, ends no promise, and all arrive once it is mended and the bot begins anew', async () => {
    const world = await open('discord');
    world.discord.fail(DISCORD_POST, FAULTS.unauthorized);
    await world.promise(3);
    await world.run(HOUR_MS);
    expect(world.discord.requests(DISCORD_POST)).toHaveLength(1);
    await world.restart();
    await world.run(30 * HOUR_MS);
    expect(await readLedger(world)).toEqual(ARRIVED);
  });
});

describe('a history that cannot be read', () => {
  test('does not keep a post from arriving on Discord, nor makes two of it, while its nonce is remembered', async () => {
    const world = await open('discord');
    const [channel] = world.channels;
    world.discord.permit(channel?.channelId ?? '', { view: true, send: true, history: false });
    world.discord.fail(DISCORD_POST, FAULTS.lostAnswer);
    await world.promise(3);
    await world.run(3 * HOUR_MS);
    expect(await readLedger(world)).toEqual(ARRIVED);
  });
});

describe('a message whose fate is unknown in one form', () => {
  test('is known again when the next would have another form', async () => {
    const world = await open('discord');
    world.discord.fail(DISCORD_POST, { kind: 'late', byMs: 42_000 });
    world.discord.fail(DISCORD_POST, FAULTS.badBody);
    world.discord.fail(DISCORD_POST, {
      kind: 'answer',
      status: 429,
      headers: { 'retry-after': '300', 'x-ratelimit-scope': 'shared' },
    });
    world.discord.fail(DISCORD_POST, FAULTS.serverError);
    await world.promise(3);
    await world.run(3 * HOUR_MS);
    expect(await readLedger(world)).toEqual(ARRIVED);
  });
});

describe('a clock that is set', () => {
  test.each([
    ['an hour forward', 1],
    ['an hour back', -1],
  ])('%s in the middle loses and repeats nothing', async (_, hours) => {
    const world = await open('slack');
    await world.promise(1);
    await world.run(10_000);
    world.slack.fail(SLACK_POST, { kind: 'broken', how: 'reset-after' });
    await world.promise(2);
    await world.run(1_000);
    world.clock.leap(hours * HOUR_MS);
    await world.run(4 * HOUR_MS);
    expect(await readLedger(world)).toEqual(ARRIVED);
  });
});
