import { afterEach, expect, test } from '@jest/globals';
import type { ChatAdapter } from '../../src/chat/chat-adapter.js';
import type { PostOutcome } from '../../src/chat/post-outcome.js';
import { MESSAGE, newKey } from '../contract/chat-adapter.contract.js';
import { openSlackAdapter, slackChannel, type LogLine } from '../support/slack/harness.js';
import { startSlackServer, type SlackServer } from '../support/slack/slack-server.js';
import { BOT_TOKEN, CHANNELS } from '../support/slack/workspace.js';

const NEWS = slackChannel(CHANNELS.news);

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

async function open(): Promise<{ server: SlackServer; adapter: ChatAdapter; lines: readonly LogLine[] }> {
  const server = await startSlackServer();
  const { adapter, lines } = openSlackAdapter(server.apiUrl, { commands: 'socket' });
  closing.push(adapter.stop, server.close);
  return { server, adapter, lines };
}

function idOf(outcome: PostOutcome): string {
  if (outcome.kind !== 'posted') throw new Error(`not posted: ${outcome.kind}`);
  return outcome.messageId;
}

test('what goes on from a message stands in its thread, is found there, and can be changed', async () => {
  const { server, adapter } = await open();
  const continues = idOf(await adapter.post(NEWS, MESSAGE, newKey()));
  const next = { ...MESSAGE, title: 'Part two', continues };
  const key = newKey();
  server.fail('chat.postMessage', { kind: 'broken', how: 'reset-after' });
  expect(await adapter.post(NEWS, next, key)).toMatchObject({ kind: 'unknown' });
  const [, reply] = server.messages(CHANNELS.news);
  expect(reply).toMatchObject({ threadTs: continues });
  expect(await adapter.find(NEWS, next, key)).toEqual({ kind: 'found', messageId: reply?.ts });
  expect(await adapter.find(NEWS, next, newKey())).toEqual({ kind: 'absent' });
  expect(await adapter.find(NEWS, MESSAGE, key)).toEqual({ kind: 'absent' });
  expect(await adapter.edit(NEWS, reply?.ts ?? '', { ...next, title: 'Part 2' })).toMatchObject({ kind: 'posted' });
});

test('when the thread is gone, it is asked for in its simplest form, which stands alone', async () => {
  const { server, adapter } = await open();
  const next = { ...MESSAGE, continues: '1.000001' };
  expect(await adapter.post(NEWS, next, newKey())).toMatchObject({ kind: 'malformed' });
  expect(await adapter.post(NEWS, { ...next, format: 'bare' }, newKey())).toMatchObject({ kind: 'posted' });
  expect(server.messages(CHANNELS.news)).toMatchObject([{ threadTs: null }]);
});

test('what Slack refuses is logged with its payload, and without the token', async () => {
  const { server, adapter, lines } = await open();
  server.fail('chat.postMessage', { kind: 'error', error: 'invalid_blocks' });
  await adapter.post(NEWS, MESSAGE, newKey());
  const [line] = lines.filter(({ event }) => event === 'slack.payload_refused');
  expect(line).toMatchObject({ level: 'warn', fields: { payload: expect.stringContaining(MESSAGE.title) } });
  expect(JSON.stringify(line)).not.toContain(BOT_TOKEN);
});

test('an entry of the menu under a message gives its command, and is answered privately beside the message', async () => {
  const { server, adapter } = await open();
  const words = { name: 'what', summary: 'What', required: true, kind: 'words' as const };
  const given: unknown[] = [];
  await adapter.start([{ name: 'why', summary: 'Why', example: 'why x', options: [words] }], (call) => {
    given.push(call.options['what']);
    return Promise.resolve({ lines: [{ kind: 'text', text: 'Because.' }], buttons: [], visibleTo: 'caller' });
  });
  const press = { value: 'why https://blog.example/x', isEphemeral: false, element: 'overflow' as const, url: null };
  const { replies } = await server.pressButton(press);
  expect(await replies.next(1, 3_000)).toMatchObject({ responseType: 'ephemeral', replaceOriginal: false });
  expect(given).toEqual(['https://blog.example/x']);
});
