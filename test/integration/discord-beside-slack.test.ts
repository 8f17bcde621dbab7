import { expect, test } from '@jest/globals';
import { MESSAGE, newKey } from '../contract/chat-adapter.contract.js';
import { openDiscord } from '../support/discord/open-adapter.js';

/** Bolt loaded before discord.js was seen to break what discord.js sends; the app loads discord.js first. */
test('a message goes out with Bolt loaded after discord.js in the same process', async () => {
  const { server, adapter, channel, close } = await openDiscord();
  const bolt = await import('@slack/bolt');
  expect(typeof bolt.App).toBe('function');
  expect((await adapter.post(channel, MESSAGE, newKey())).kind).toBe('posted');
  await adapter.start([], () => Promise.reject(new Error('no command is given here')));
  expect(server.gateway.identifies()).toBe(1);
  expect(server.visible(channel.channelId)).toEqual([expect.stringContaining(MESSAGE.title)]);
  await close();
});
