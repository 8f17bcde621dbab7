import { readFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createEmulator, type Emulator } from 'emulate';
import fc from 'fast-check';
import type { ChannelRef } from '../../src/chat/channel.js';
import { anyMessage, MESSAGE, newKey } from '../contract/chat-adapter.contract.js';
import { openSlackAdapter, slackChannel } from '../support/slack/harness.js';
import { readMessage } from '../support/slack/reader.js';
import { BOT_TOKEN } from '../support/slack/workspace.js';

/**
 * A Slack Web API that others wrote (npm `emulate`), so that our client and our server do not agree with each other
 * alone. It checks scopes, here those of our manifest; it checks no limits.
 */
let emulator: Emulator;
let channel: ChannelRef;

beforeAll(async () => {
  const scopes = await manifestScopes();
  const token = { token: BOT_TOKEN, user: 'tidings', scopes };
  emulator = await createEmulator({
    service: 'slack',
    port: await freePort(),
    seed: {
      slack: { strict_scopes: true, users: [{ name: 'tidings' }], channels: [{ name: 'news' }], tokens: [token] },
    },
  });
  const { team_id: teamId } = (await call('auth.test')) as { team_id: string };
  const { channels } = (await call('conversations.list')) as { channels: { id: string; name: string }[] };
  channel = slackChannel(channels.find(({ name }) => name === 'news')?.id ?? '', teamId);
});

afterAll(() => emulator.close());

async function call(method: string, params: Record<string, string> = {}): Promise<unknown> {
  const response = await fetch(`${emulator.url}/api/${method}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${BOT_TOKEN}` },
    body: new URLSearchParams(params),
  });
  return response.json();
}

async function manifestScopes(): Promise<string[]> {
  const manifest = await readFile(new URL('../../adapters/slack/manifest.yaml', import.meta.url), 'utf8');
  const [, bot = ''] = manifest.split('    bot:\n');
  return [...(bot.split('settings:')[0] ?? '').matchAll(/^ +- (\S+)$/gm)].map(([, scope = '']) => scope);
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

test('with the scopes of our manifest a card is posted, corrected, and found by its delivery', async () => {
  const { adapter } = openSlackAdapter(`${emulator.url}/api/`, { commands: 'off' });
  const key = newKey();
  const posted = await adapter.post(channel, MESSAGE, key);
  expect(posted).toMatchObject({ kind: 'posted' });
  const messageId = posted.kind === 'posted' ? posted.messageId : '';
  expect(await adapter.edit(channel, messageId, { ...MESSAGE, title: 'Corrected' })).toEqual({
    kind: 'posted',
    messageId,
  });
  const answer = (await call('conversations.history', { channel: channel.channelId })) as {
    messages: { text: string; blocks: unknown[] }[];
  };
  expect(answer.messages.map(readMessage)).toEqual([
    expect.stringContaining('Corrected ⇒ https://blog.example/route-leak'),
  ]);
  expect(await adapter.find(channel, MESSAGE, key)).toEqual({ kind: 'found', messageId });
  expect(await adapter.find(channel, MESSAGE, newKey())).toEqual({ kind: 'absent' });
});

test('whatever a feed writes is accepted', async () => {
  const { adapter } = openSlackAdapter(`${emulator.url}/api/`, { commands: 'off' });
  await fc.assert(
    fc.asyncProperty(anyMessage, async (message) => {
      expect(await adapter.post(channel, message, newKey())).toMatchObject({ kind: 'posted' });
    }),
    { numRuns: 40 },
  );
});

test('a channel that is not there is gone', async () => {
  const { adapter } = openSlackAdapter(`${emulator.url}/api/`, { commands: 'off' });
  const missing = { ...channel, channelId: 'C9999999999' };
  expect(await adapter.post(missing, MESSAGE, newKey())).toEqual({ kind: 'refused', reason: 'channel-gone' });
});
