import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, test } from '@jest/globals';
import { MESSAGE, newKey } from '../contract/chat-adapter.contract.js';
import { FAULTS, type DiscordFault } from '../support/discord/faults.js';
import type { DiscordServerOptions } from '../support/discord/discord-server.js';
import { openDiscord, type OpenedDiscord } from '../support/discord/open-adapter.js';

const POST = 'POST /channels/:id/messages';
const EDIT = 'PATCH /channels/:id/messages/:id';

const opened: OpenedDiscord[] = [];
async function open(options: DiscordServerOptions = {}): Promise<OpenedDiscord> {
  const discord = await openDiscord(options);
  opened.push(discord);
  return discord;
}
afterEach(async () => {
  for (const { close } of opened.splice(0)) await close();
});

describe('each answer to a post has its outcome, after exactly one request', () => {
  const code = (status: number, jsonCode: number): DiscordFault => ({
    kind: 'answer',
    status,
    body: { message: 'no', code: jsonCode },
  });
  test.each<[string, DiscordFault, object]>([
    ['500', FAULTS.serverError, { kind: 'unknown' }],
    ['502', FAULTS.badGateway, { kind: 'unavailable' }],
    ['504', FAULTS.gatewayTimeout, { kind: 'unknown' }],
    ['reset before it was read', FAULTS.resetBefore, { kind: 'unknown' }],
    ['reset after it was carried out', FAULTS.lostAnswer, { kind: 'unknown' }],
    ['a body cut off', FAULTS.cutBody, { kind: 'unknown' }],
    [
      '200 with a page of HTML',
      { kind: 'answer', status: 200, body: '<html>', headers: { 'content-type': 'text/html' } },
      { kind: 'unknown' },
    ],
    ['200 with something else', { kind: 'answer', status: 200, body: [] }, { kind: 'unknown' }],
    [
      'a redirect',
      { kind: 'answer', status: 302, headers: { location: 'http://127.0.0.1:1/' } },
      { kind: 'unavailable' },
    ],
    ['429 of a shared resource', FAULTS.limitedFor7s, { kind: 'throttled', retryAfterMs: 7_000 }],
    ['429 for everything', FAULTS.limitedGloballyFor2s, { kind: 'throttled', retryAfterMs: 2_000, scope: 'platform' }],
    [
      '429 without headers',
      FAULTS.limitedWithoutHeaders,
      { kind: 'throttled', retryAfterMs: 60_000, scope: 'platform' },
    ],
    ['a ban of 18 hours', FAULTS.bannedFor66271s, { kind: 'throttled', retryAfterMs: 66_271_000, scope: 'platform' }],
    ['401', FAULTS.unauthorized, { kind: 'refused', reason: 'bad-credentials' }],
    ['50001', FAULTS.missingAccess, { kind: 'refused', reason: 'not-allowed' }],
    ['50013', FAULTS.missingPermissions, { kind: 'refused', reason: 'not-allowed' }],
    ['10004', FAULTS.unknownGuild, { kind: 'refused', reason: 'channel-gone' }],
    ['AutoMod', FAULTS.blockedByAutoMod, { kind: 'malformed' }],
    ['50035', code(400, 50035), { kind: 'malformed' }],
    ['an unknown refusal', code(400, 70001), { kind: 'malformed' }],
    ['a proxy that forbids', FAULTS.forbiddenByProxy, { kind: 'unavailable' }],
  ])('%s', async (_, fault, outcome) => {
    const { server, adapter, channel } = await open();
    server.fail(POST, fault, 5);
    expect(await adapter.post(channel, MESSAGE, newKey())).toMatchObject(outcome);
    await sleep(50);
    expect(server.requests(POST)).toHaveLength(1);
  });

  test('an edit is treated alike, and pings nobody either', async () => {
    const { server, adapter, channel } = await open();
    const posted = await adapter.post(channel, MESSAGE, newKey());
    const messageId = posted.kind === 'posted' ? posted.messageId : '';
    server.fail(EDIT, FAULTS.serverError);
    expect((await adapter.edit(channel, messageId, MESSAGE)).kind).toBe('unknown');
    expect((await adapter.edit(channel, messageId, { ...MESSAGE, title: '@everyone' })).kind).toBe('posted');
    expect((await adapter.edit(channel, '299999999999999999', MESSAGE)).kind).toBe('closed');
    expect(server.platform.pings).toEqual([]);
  });

  test('a card edited to plain leaves nothing of the card', async () => {
    const { server, adapter, channel } = await open();
    const posted = await adapter.post(channel, MESSAGE, newKey());
    await adapter.edit(channel, posted.kind === 'posted' ? posted.messageId : '', { ...MESSAGE, format: 'plain' });
    expect(server.messages(channel.channelId)).toMatchObject([{ embeds: [], flags: 4 }]);
  });
});

describe('a request that takes too long', () => {
  test('is given up within 15 s, whether the answer never comes or stops half-way', async () => {
    const { server, adapter, channel, otherChannel } = await open();
    const startedAt = performance.now();
    server.fail(POST, FAULTS.silence);
    const silent = adapter.post(channel, MESSAGE, newKey());
    await sleep(200);
    server.fail(POST, FAULTS.stalledBody);
    const stalled = adapter.post(otherChannel, MESSAGE, newKey());
    expect(await Promise.all([silent, stalled])).toMatchObject([{ kind: 'unknown' }, { kind: 'unknown' }]);
    expect(performance.now() - startedAt).toBeLessThan(15_000);
    expect(server.requests(POST)).toHaveLength(2);
  });
});

describe('limits', () => {
  test('a 429 without headers makes no hot loop: nothing is sent for a minute, on any channel', async () => {
    const { server, adapter, channel, otherChannel, advance } = await open();
    server.fail(POST, FAULTS.limitedWithoutHeaders);
    await adapter.post(channel, MESSAGE, newKey());
    for (let tries = 0; tries < 20; tries += 1) {
      expect((await adapter.post(otherChannel, MESSAGE, newKey())).kind).toBe('throttled');
    }
    expect(server.requests(POST)).toHaveLength(1);
    advance(60_000);
    expect((await adapter.post(otherChannel, MESSAGE, newKey())).kind).toBe('posted');
  });

  test('a global 429 holds back every channel until it is over', async () => {
    const { server, adapter, channel, otherChannel, advance, logged } = await open();
    server.fail(POST, FAULTS.limitedGloballyFor2s);
    await adapter.post(channel, MESSAGE, newKey());
    expect(await adapter.post(otherChannel, MESSAGE, newKey())).toMatchObject({ kind: 'throttled' });
    expect(server.requests(POST)).toHaveLength(1);
    expect(logged.map(({ event }) => event)).toContain('discord.paused');
    await sleep(2_100);
    advance(2_000);
    expect((await adapter.post(otherChannel, MESSAGE, newKey())).kind).toBe('posted');
  });

  test("a channel's own limit is known from the headers and costs no refused request; other channels go on", async () => {
    const { server, adapter, channel, otherChannel } = await open({ bucket: { limit: 2, perMs: 1_000 } });
    const kinds: string[] = [];
    for (let tries = 0; tries < 3; tries += 1) kinds.push((await adapter.post(channel, MESSAGE, newKey())).kind);
    expect(kinds).toEqual(['posted', 'posted', 'throttled']);
    expect(server.requests(POST)).toHaveLength(2);
    expect((await adapter.post(otherChannel, MESSAGE, newKey())).kind).toBe('posted');
    await sleep(1_050);
    expect((await adapter.post(channel, MESSAGE, newKey())).kind).toBe('posted');
  });
});

describe('a refused token', () => {
  test('stops everything: no request more, one line in the log, nobody blamed but the token', async () => {
    const { server, adapter, channel, otherChannel, logged, advance } = await open();
    server.revokeToken();
    const refused = { kind: 'refused', reason: 'bad-credentials' };
    expect(await adapter.post(channel, MESSAGE, newKey())).toEqual(refused);
    for (const where of [channel, otherChannel]) expect(await adapter.post(where, MESSAGE, newKey())).toEqual(refused);
    expect(await adapter.edit(channel, '299999999999999999', MESSAGE)).toEqual(refused);
    await adapter.find(channel, MESSAGE, newKey());
    advance(24 * 3_600_000);
    expect(await adapter.post(channel, MESSAGE, newKey())).toEqual(refused);
    expect(server.requests()).toHaveLength(1);
    expect(logged.filter(({ level }) => level === 'error')).toMatchObject([{ event: 'discord.token-refused' }]);
  });
});

describe('one delivery', () => {
  test('is one message, however often it is sent again', async () => {
    const { server, adapter, channel } = await open();
    const key = newKey();
    server.fail(POST, FAULTS.lostAnswer);
    expect((await adapter.post(channel, MESSAGE, key)).kind).toBe('unknown');
    const again = await adapter.post(channel, MESSAGE, key);
    const [message, ...more] = server.messages(channel.channelId);
    expect(again).toEqual({ kind: 'posted', messageId: message?.id });
    expect(more).toEqual([]);
  });
});

describe('a server that closes the connection on an answer nobody read', () => {
  test('kills nothing: twenty at once are twenty outcomes', async () => {
    const { server, adapter, channel, otherChannel } = await open();
    await adapter.post(channel, MESSAGE, newKey());
    server.fail(POST, FAULTS.serverError, 10);
    server.fail(POST, FAULTS.cutBody, 10);
    const posts = Array.from({ length: 20 }, (_, n) => adapter.post(n % 2 ? channel : otherChannel, MESSAGE, newKey()));
    const kinds = (await Promise.all(posts)).map(({ kind }) => kind);
    expect(new Set(kinds)).toEqual(new Set(['unknown']));
    await server.goDown();
    await sleep(50);
    await server.comeBack();
    expect((await adapter.post(channel, MESSAGE, newKey())).kind).toBe('posted');
  });
});
