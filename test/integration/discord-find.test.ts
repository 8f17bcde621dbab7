import { afterEach, expect, test } from '@jest/globals';
import type { DeliveryKey } from '../../src/chat/chat-adapter.js';
import { MESSAGE, newKey } from '../contract/chat-adapter.contract.js';
import { FAULTS } from '../support/discord/faults.js';
import { openDiscord, type OpenedDiscord } from '../support/discord/open-adapter.js';

const POST = 'POST /channels/:id/messages';
const MINUTE_MS = 60_000;

const opened: OpenedDiscord[] = [];
async function open(): Promise<OpenedDiscord> {
  const discord = await openDiscord();
  opened.push(discord);
  return discord;
}
afterEach(async () => {
  for (const { close } of opened.splice(0)) await close();
});

/** A delivery whose answer was lost: the message stands, and the adapter does not know its id. */
async function lose({ server, adapter, channel }: OpenedDiscord, message = MESSAGE): Promise<DeliveryKey> {
  const key = newKey();
  server.fail(POST, FAULTS.lostAnswer);
  await adapter.post(channel, message, key);
  return key;
}

test.each(['card', 'plain'] as const)('a lost %s is found by its link and title, hours later too', async (format) => {
  const discord = await open();
  const message = { ...MESSAGE, format, title: 'A *starred* [title]' };
  const key = await lose(discord, message);
  discord.advance(60 * MINUTE_MS);
  const [stored] = discord.server.messages(discord.channel.channelId);
  expect(await discord.adapter.find(discord.channel, message, key)).toEqual({ kind: 'found', messageId: stored?.id });
});

test.each(['card', 'plain'] as const)(
  'a lost message is found by its own button after title and link were corrected, among its likes: now as %s',
  async (format) => {
    const discord = await open();
    const [first, second, third] = ['one', 'two', 'three'].map((id) => ({
      ...MESSAGE,
      buttons: [
        { label: 'More like this', command: `like ${id}` },
        { label: 'Why here?', command: `why ${MESSAGE.title}` },
      ],
    }));
    if (!first || !second || !third) throw new Error('no messages');
    await lose(discord, first);
    const key = await lose(discord, second);
    discord.advance(60 * MINUTE_MS);
    const corrected = { ...second, format, title: 'Corrected', url: new URL('https://blog.example/corrected') };
    const [, stored] = discord.server.messages(discord.channel.channelId);
    expect(await discord.adapter.find(discord.channel, corrected, key)).toEqual({
      kind: 'found',
      messageId: stored?.id,
    });
    expect(await discord.adapter.find(discord.channel, third, key)).toEqual({ kind: 'absent' });
  },
);

test('among hundreds of other messages since then it is found still', async () => {
  const discord = await open();
  const { platform, messages } = discord.server;
  await discord.adapter.post(discord.channel, { ...MESSAGE, title: 'Another' }, newKey());
  const held = messages(discord.channel.channelId);
  held.push(...held.flatMap((one) => Array.from({ length: 250 }, () => ({ ...one, id: platform.snowflake() }))));
  const key = await lose(discord);
  discord.advance(10 * MINUTE_MS);
  const stored = held.at(-1);
  expect(held).toHaveLength(252);
  expect(await discord.adapter.find(discord.channel, MESSAGE, key)).toEqual({ kind: 'found', messageId: stored?.id });
});

test('what was posted before the first attempt is not it', async () => {
  const discord = await open();
  await lose(discord);
  const later = newKey(new Date(Date.now() + 10 * MINUTE_MS));
  expect(await discord.adapter.find(discord.channel, MESSAGE, later)).toEqual({ kind: 'absent' });
});

test('without the right to read, it may be repeated while the nonce makes that harmless, and cannot be told later', async () => {
  const discord = await open();
  const { server, adapter, channel, advance } = discord;
  const key = await lose(discord);
  server.permit(channel.channelId, { view: true, send: true, history: false });
  expect(await adapter.find(channel, MESSAGE, key)).toEqual({ kind: 'repeatable' });
  expect((await adapter.post(channel, MESSAGE, key)).kind).toBe('posted');
  expect(server.messages(channel.channelId)).toHaveLength(1);

  advance(2 * MINUTE_MS);
  expect((await adapter.find(channel, MESSAGE, newKey())).kind).toBe('cannot-tell');
  server.permit(channel.channelId, { view: false, send: false, history: false });
  expect((await adapter.find(channel, MESSAGE, newKey())).kind).toBe('cannot-tell');
});

test('an empty stretch of a channel that can be read means absent; an empty channel cannot be told from an unreadable one', async () => {
  const { adapter, channel, advance } = await open();
  expect((await adapter.find(channel, MESSAGE, newKey())).kind).toBe('repeatable');
  advance(10 * MINUTE_MS);
  const key = newKey(new Date(Date.now() + 5 * MINUTE_MS));
  expect((await adapter.find(channel, MESSAGE, key)).kind).toBe('cannot-tell');
  await adapter.post(channel, { ...MESSAGE, title: 'Earlier' }, newKey());
  expect((await adapter.find(channel, MESSAGE, key)).kind).toBe('absent');
});

test('a history that answers nothing sensible leaves it open once the nonce is forgotten', async () => {
  const { server, adapter, channel, advance } = await open();
  advance(10 * MINUTE_MS);
  server.fail('GET /channels/:id/messages', FAULTS.serverError);
  expect((await adapter.find(channel, MESSAGE, newKey())).kind).toBe('cannot-tell');
});
