import { expect, test } from '@jest/globals';
import type { ChatAdapter } from '../../src/chat/chat-adapter.js';
import type { ChannelRef } from '../../src/chat/channel.js';
import { MESSAGE_FORMATS, type Message } from '../../src/chat/message.js';
import { newKey } from '../contract/chat-adapter.contract.js';
import { openDiscord } from '../support/discord/open-adapter.js';
import { digestOf, messageOf } from '../support/hostile-messages.js';
import { BAD_PICTURES, HOSTILE_TEXTS, MENTIONING_LINKS, POSING_LINKS } from '../support/hostile-texts.js';
import { openSlackAdapter, slackChannel } from '../support/slack/harness.js';
import { readMessage } from '../support/slack/reader.js';
import { startSlackServer } from '../support/slack/slack-server.js';
import { CHANNELS } from '../support/slack/workspace.js';

const FORUM = '200000000000000015';

/** Every hostile text in every place of a message, every hostile link, every bad picture; each in some form. */
const MESSAGES: readonly Message[] = [
  ...HOSTILE_TEXTS.flatMap(({ text }, index) => {
    const format = MESSAGE_FORMATS[index % MESSAGE_FORMATS.length] ?? 'card';
    return [messageOf(text), digestOf(text), messageOf(text, { format })];
  }),
  ...[...POSING_LINKS, ...MENTIONING_LINKS].map(({ title, url }) => messageOf('Words', { title, url: new URL(url) })),
  ...BAD_PICTURES.map((address) => messageOf('Words', { url: new URL(address), imageUrl: new URL(address) })),
];

async function postAll(adapter: ChatAdapter, channel: ChannelRef): Promise<void> {
  for (const message of MESSAGES) {
    const key = newKey();
    const outcome = await adapter.post(channel, message, key);
    expect({ title: message.title, ...outcome }).toMatchObject({ kind: 'posted' });
    const edited = await adapter.edit(channel, outcome.kind === 'posted' ? outcome.messageId : '', message);
    expect({ title: message.title, ...edited }).toMatchObject({ kind: 'posted' });
  }
}

test('Slack takes every message at once, and nothing in one calls anybody', async () => {
  const server = await startSlackServer();
  const { adapter } = openSlackAdapter(server.apiUrl, { commands: 'off' });
  await postAll(adapter, slackChannel(CHANNELS.news));
  const shown = server.messages(CHANNELS.news).map((message) => readMessage(message));
  expect(shown).toHaveLength(MESSAGES.length);
  expect(shown.join('\n')).not.toContain('PING(');
  await adapter.stop();
  await server.close();
}, 60_000);

test('Discord takes every message at once, and nothing in one calls anybody', async () => {
  const { server, adapter, channel, close } = await openDiscord();
  await postAll(adapter, channel);
  expect(server.messages(channel.channelId)).toHaveLength(MESSAGES.length);
  expect(server.platform.pings).toEqual([]);
  await close();
}, 60_000);

test('a forum of Discord takes every text as the name of a thread', async () => {
  const { server, adapter, channel, close } = await openDiscord({ channels: [{ id: FORUM, type: 15 }] });
  for (const { text } of HOSTILE_TEXTS) {
    const outcome = await adapter.post({ ...channel, channelId: FORUM }, messageOf(text), newKey());
    expect({ text, ...outcome }).toMatchObject({ kind: 'posted' });
  }
  expect(server.platform.channels.threadsOf(FORUM)).toHaveLength(HOSTILE_TEXTS.length);
  expect(server.platform.pings).toEqual([]);
  await close();
}, 60_000);
