import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, test } from '@jest/globals';
import { REST } from 'discord.js';
import { createPlaces, isPlace, type Places } from '../../adapters/discord/places.js';
import { later, type Clock } from '../../src/clock.js';
import { MESSAGE, newKey } from '../contract/chat-adapter.contract.js';
import type { DiscordServerOptions } from '../support/discord/discord-server.js';
import { FAULTS } from '../support/discord/faults.js';
import { openChannels, type OpenedChannels } from '../support/discord/open-channels.js';

const FORUM = '200000000000000015';
const THREAD = '200000000000000011';
const CATEGORY = '200000000000000004';
const TAGS = [
  { id: '700000000000000001', name: 'Other' },
  { id: '700000000000000002', name: 'bgp' },
  { id: '700000000000000003', name: 'Outages' },
];
const TEXT_CHANNELS = Array.from({ length: 30 }, (_, n) => `2100000000000000${String(n + 10)}`);
const LIST = 'GET /guilds/:id/channels';
const GET_CHANNEL = 'GET /channels/:id';
const SEND = 'POST /channels/:id/messages';

const opened: OpenedChannels[] = [];
async function open(options: DiscordServerOptions = {}): Promise<OpenedChannels> {
  const discord = await openChannels({
    channels: [
      { id: FORUM, type: 15, tags: TAGS },
      { id: THREAD, type: 11 },
      { id: CATEGORY, type: 4 },
      ...TEXT_CHANNELS.map((id) => ({ id, type: 0 })),
    ],
    ...options,
  });
  opened.push(discord);
  return discord;
}
function placesOf({ server }: OpenedChannels, clock: Clock = () => new Date()): Places {
  return createPlaces(new REST({ api: server.apiUrl, version: '10' }).setToken(server.token), clock);
}
function soon(): AbortSignal {
  return AbortSignal.timeout(5_000);
}
afterEach(async () => {
  for (const { close } of opened.splice(0)) await close();
});

test('what kind of channel it is is asked once an hour, and of that channel alone when people changed it', async () => {
  const { adapter, server, at, held, advance } = await open();
  for (let posts = 0; posts < 3; posts += 1) await adapter.post(at(FORUM), MESSAGE, newKey());
  expect(server.requests(LIST)).toHaveLength(1);
  expect(server.requests(GET_CHANNEL)).toEqual([]);

  held(FORUM).tags = TAGS.slice(0, 2);
  expect(await adapter.post(at(FORUM), MESSAGE, newKey())).toMatchObject({ kind: 'posted' });
  expect(server.requests(GET_CHANNEL)).toHaveLength(1);
  held(FORUM).requireTag = true;
  expect(await adapter.post(at(FORUM), { ...MESSAGE, topics: [] }, newKey())).toMatchObject({ kind: 'posted' });
  expect(server.requests(GET_CHANNEL)).toHaveLength(2);
  expect(server.platform.channels.threadsOf(FORUM)).toHaveLength(5);
  expect(server.requests(LIST)).toHaveLength(1);

  held(FORUM).tags = TAGS;
  advance(3_600_000);
  const tagsOfNewest = (): number | undefined => server.platform.channels.threadsOf(FORUM).at(-1)?.appliedTags.length;
  for (let posts = 0; posts < 50 && tagsOfNewest() !== 2; posts += 1) await adapter.post(at(FORUM), MESSAGE, newKey());
  expect(tagsOfNewest()).toBe(2);
  expect(server.requests(LIST)).toHaveLength(2);
  expect(server.requests(GET_CHANNEL)).toHaveLength(2);
});

test('where nothing can be posted, nothing is tried; where the kind is not known, it is asked again later', async () => {
  const { adapter, server, at } = await open();
  expect(await adapter.post(at(CATEGORY), MESSAGE, newKey())).toEqual({ kind: 'refused', reason: 'not-allowed' });
  server.fail(GET_CHANNEL, FAULTS.serverError);
  expect(await adapter.post(at(THREAD), MESSAGE, newKey())).toMatchObject({ kind: 'unavailable' });
  expect(server.requests(SEND)).toEqual([]);
  expect(await adapter.post(at(THREAD), MESSAGE, newKey())).toMatchObject({ kind: 'posted' });
});

describe('the channels of a server', () => {
  test('are asked for with one request; posts that come meanwhile come again, each at a moment of its own', async () => {
    const { adapter, server, at } = await open();
    const post = (id: string): Promise<unknown> => adapter.post(at(id), MESSAGE, newKey());
    const [first, ...others] = await Promise.all(TEXT_CHANNELS.slice(0, 20).map(post));
    expect(first).toMatchObject({ kind: 'posted' });
    for (const outcome of others) expect(outcome).toEqual({ kind: 'throttled', retryAfterMs: 1_000 });
    for (const id of TEXT_CHANNELS.slice(1)) expect(await post(id)).toMatchObject({ kind: 'posted' });
    expect(server.requests(LIST)).toHaveLength(1);
    expect(server.requests(SEND)).toHaveLength(TEXT_CHANNELS.length);
    expect(server.requests(GET_CHANNEL)).toEqual([]);
  });

  test('take posts by what is known while the list is asked for again, and when it cannot be had', async () => {
    const { adapter, server, channel, otherChannel, advance } = await open();
    await adapter.post(channel, MESSAGE, newKey());
    advance(3_600_000);
    server.fail(LIST, FAULTS.serverError);
    for (const where of [channel, otherChannel, channel, otherChannel]) {
      expect(await adapter.post(where, MESSAGE, newKey())).toMatchObject({ kind: 'posted' });
    }
    expect(server.requests(LIST)).toHaveLength(2);
    advance(60_000);
    expect(await adapter.post(channel, MESSAGE, newKey())).toMatchObject({ kind: 'posted' });
    while (server.requests(LIST).length < 3) await sleep(1);
    expect(server.requests(GET_CHANNEL)).toEqual([]);
  });

  test('do not name its threads: each is asked for alone, once', async () => {
    const { adapter, server, channel, at } = await open();
    await adapter.post(channel, MESSAGE, newKey());
    for (let posts = 0; posts < 2; posts += 1) {
      expect(await adapter.post(at(THREAD), MESSAGE, newKey())).toMatchObject({ kind: 'posted' });
    }
    expect(server.requests(LIST)).toHaveLength(1);
    expect(server.requests(GET_CHANNEL).map(({ path }) => path)).toEqual([`/channels/${THREAD}`]);
  });

  test('do not name one that is hidden: it refuses until it is shown, and then takes posts at once', async () => {
    const { adapter, server, channel } = await open();
    const hide = (hidden: boolean): void => {
      server.permit(channel.channelId, { view: !hidden, send: true, history: true });
    };
    const refused = { kind: 'refused', reason: 'not-allowed' };
    hide(true);
    expect(await adapter.post(channel, MESSAGE, newKey())).toEqual(refused);
    expect(server.requests(SEND)).toEqual([]);
    hide(false);
    expect(await adapter.post(channel, MESSAGE, newKey())).toMatchObject({ kind: 'posted' });
    hide(true);
    expect(await adapter.post(channel, MESSAGE, newKey())).toEqual(refused);
    expect(server.requests(LIST)).toHaveLength(1);
  });

  test.each([
    'serverError',
    'badGateway',
    'lostAnswer',
    'cutBody',
    'htmlPage',
    'forbiddenByProxy',
    'limitedFor7s',
  ] as const)('are asked for again after %s, and nothing is posted meanwhile', async (fault) => {
    const { adapter, server, channel, otherChannel } = await open();
    server.fail(LIST, FAULTS[fault]);
    const outcomes = await Promise.all([channel, otherChannel].map((where) => adapter.post(where, MESSAGE, newKey())));
    const limited = fault === 'limitedFor7s';
    const outcome = limited ? { kind: 'throttled', retryAfterMs: 7_000 } : { kind: 'unavailable' };
    expect(outcomes).toMatchObject([outcome, { kind: 'throttled', retryAfterMs: 1_000 }]);
    expect(server.requests().map(({ route }) => route)).toEqual([LIST]);
    if (limited) return;
    expect(await adapter.post(channel, MESSAGE, newKey())).toMatchObject({ kind: 'posted' });
    expect(server.requests(GET_CHANNEL)).toEqual([]);
  });

  test.each(['missingAccess', 'unknownGuild', 'badBody'] as const)(
    'are asked for one by one where Discord gives no list (%s)',
    async (fault) => {
      const { adapter, server, channel, otherChannel } = await open();
      server.fail(LIST, FAULTS[fault]);
      for (const where of [channel, otherChannel, channel]) {
        expect(await adapter.post(where, MESSAGE, newKey())).toMatchObject({ kind: 'posted' });
      }
      expect(server.requests(LIST)).toHaveLength(1);
      expect(server.requests(GET_CHANNEL)).toHaveLength(2);
    },
  );

  test.each([
    ['missingAccess', 'missingAccess', 'not-allowed'],
    ['unknownGuild', 'unknownChannel', 'channel-gone'],
  ] as const)('from which the bot was removed (%s) refuse each for itself', async (ofList, ofChannel, reason) => {
    const { adapter, server, channel } = await open();
    server.fail(LIST, FAULTS[ofList]);
    server.fail(GET_CHANNEL, FAULTS[ofChannel]);
    expect(await adapter.post(channel, MESSAGE, newKey())).toEqual({ kind: 'refused', reason });
    expect(server.requests(SEND)).toEqual([]);
  });

  test('take posts too when people wrote down another server for them', async () => {
    const { adapter, channel } = await open();
    const elsewhere = { ...channel, workspaceId: '399999999999999999' };
    expect(await adapter.post(elsewhere, MESSAGE, newKey())).toMatchObject({ kind: 'posted' });
  });

  test('are noted also when the post that asked for them gives up', async () => {
    const bench = await open({ answerDelayMs: 100 });
    const { server, channel, otherChannel } = bench;
    const places = placesOf(bench);
    const first = new AbortController();
    const asked = places.of(channel, first.signal);
    while (server.requests(LIST).length === 0) await sleep(1);
    first.abort();
    await asked;
    expect(await places.of(otherChannel, soon())).toEqual({ kind: 'messages', canPublish: false });
    expect(server.requests()).toHaveLength(1);
  });

  test('may be asked for again while a post is refused: what it was made for has changed all the same', async () => {
    let now = new Date();
    const bench = await open();
    const places = placesOf(bench, () => now);
    const before = await places.of(bench.at(FORUM), soon());
    bench.held(FORUM).tags = [];
    now = later(now, 3_600_000);
    await places.of(bench.channel, soon());
    while ((await places.of(bench.at(FORUM), soon())) === before) await sleep(1);
    expect(bench.server.requests(LIST)).toHaveLength(2);
    expect(isPlace(before) && (await places.hasChanged(FORUM, before, soon()))).toBe(true);
  });
});
