import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import type { ChatAdapter } from '../../src/chat/chat-adapter.js';
import type { ChannelRef } from '../../src/chat/channel.js';
import type { EditOutcome } from '../../src/chat/post-outcome.js';
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

/** Every hostile text in every place of a message, in one form or another; hostile links; bad pictures. */
const MESSAGES: readonly Message[] = [
  ...HOSTILE_TEXTS.map(({ text }, index) => {
    const format = MESSAGE_FORMATS[index % 7] ?? 'card';
    return index % 5 === 0 ? digestOf(text, { format }) : messageOf(text, { format });
  }),
  ...[...POSING_LINKS, ...MENTIONING_LINKS]
    .filter((_, index) => index % 5 === 0)
    .map(({ title, url }) => messageOf('Words', { title, url: new URL(url) })),
  ...BAD_PICTURES.map((address) => messageOf('Words', { url: new URL(address), imageUrl: new URL(address) })),
];
const EDIT_EVERY = 10;

/** Fifty a second is all that Discord allows a bot: what is refused for that is sent again. */
async function inTime(send: () => Promise<EditOutcome>): Promise<EditOutcome> {
  for (;;) {
    const outcome = await send();
    if (outcome.kind !== 'throttled') return outcome;
    await sleep(outcome.retryAfterMs);
  }
}

async function postAll(adapter: ChatAdapter, channel: ChannelRef): Promise<void> {
  for (const [index, message] of MESSAGES.entries()) {
    const key = newKey();
    const outcome = await inTime(() => adapter.post(channel, message, key));
    expect({ title: message.title, ...outcome }).toMatchObject({ kind: 'posted' });
    if (outcome.kind !== 'posted' || index % EDIT_EVERY !== 0) continue;
    const { messageId } = outcome;
    expect(await inTime(() => adapter.edit(channel, messageId, message))).toMatchObject({ kind: 'posted' });
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
}, 120_000);

test('Discord takes every message at once, and nothing in one calls anybody', async () => {
  const { server, adapter, channel, close } = await openDiscord();
  await postAll(adapter, channel);
  expect(server.messages(channel.channelId)).toHaveLength(MESSAGES.length);
  expect(server.platform.pings).toEqual([]);
  await close();
}, 120_000);

/** What comes of the carriers is the same for names, which are no markup. */
const TEXTS = HOSTILE_TEXTS.filter(({ family }, index) => !family.includes('call') || index % 5 === 0);

test('a forum of Discord takes every text as the name of a thread', async () => {
  const { server, adapter, channel, close } = await openDiscord({ channels: [{ id: FORUM, type: 15 }] });
  for (const { text } of TEXTS) {
    const key = newKey();
    const outcome = await inTime(() => adapter.post({ ...channel, channelId: FORUM }, messageOf(text), key));
    expect({ text, ...outcome }).toMatchObject({ kind: 'posted' });
  }
  expect(server.platform.channels.threadsOf(FORUM)).toHaveLength(TEXTS.length);
  expect(server.platform.pings).toEqual([]);
  await close();
}, 120_000);
