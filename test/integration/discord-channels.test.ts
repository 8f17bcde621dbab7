import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, test } from '@jest/globals';
import type { DeliveryKey } from '../../src/chat/chat-adapter.js';
import type { Message } from '../../src/chat/message.js';
import type { PostOutcome } from '../../src/chat/post-outcome.js';
import { MESSAGE, newKey } from '../contract/chat-adapter.contract.js';
import type { ChannelSetup } from '../support/discord/channels.js';
import { FAULTS } from '../support/discord/faults.js';
import { openChannels, type OpenedChannels } from '../support/discord/open-channels.js';

const FORUM = '200000000000000015';
const NEWS = '200000000000000005';
const THREAD = '200000000000000011';
const TAGS = [
  { id: '700000000000000001', name: 'Other' },
  { id: '700000000000000002', name: 'bgp' },
  { id: '700000000000000003', name: 'Outages' },
  { id: '700000000000000004', name: 'Pinned', moderated: true },
];
const START = 'POST /channels/:id/threads';
const CROSSPOST = 'POST /channels/:id/messages/:id/crosspost';

const opened: OpenedChannels[] = [];
async function open(forum: Partial<ChannelSetup> = {}): Promise<OpenedChannels> {
  const discord = await openChannels({
    channels: [
      { id: FORUM, type: 15, tags: TAGS, ...forum },
      { id: NEWS, type: 5 },
      { id: THREAD, type: 11 },
    ],
  });
  opened.push(discord);
  return discord;
}
afterEach(async () => {
  for (const { close } of opened.splice(0)) await close();
});

function idOf(outcome: PostOutcome): string {
  if (outcome.kind !== 'posted') throw new Error(`not posted: ${outcome.kind}`);
  return outcome.messageId;
}

describe.each([15, 16])('a channel of kind %i, in which each post is a thread', (type) => {
  test('gets one for each message, named for it, with the tags that bear the names of its topics', async () => {
    const { adapter, server, at } = await open({ type });
    const title = 'A long title: '.repeat(20);
    expect(await adapter.post(at(FORUM), { ...MESSAGE, title }, newKey())).toMatchObject({ kind: 'posted' });
    const [thread, ...others] = server.platform.channels.threadsOf(FORUM);
    expect(others).toEqual([]);
    expect(thread).toMatchObject({ appliedTags: ['700000000000000002', '700000000000000003'] });
    expect(thread?.name.length).toBeLessThanOrEqual(100);
    expect(thread?.name).toMatch(/^A long title: .*…$/);
    expect(server.visible(thread?.id ?? '')).toEqual([expect.stringContaining('prefixes of three networks')]);
  });

  test('gets a tag that says little where it wants one and no topic has one', async () => {
    const { adapter, server, at } = await open({ type, requireTag: true });
    await adapter.post(at(FORUM), { ...MESSAGE, topics: ['Chips'] }, newKey());
    expect(server.platform.channels.threadsOf(FORUM)[0]?.appliedTags).toEqual(['700000000000000001']);
  });
});

test('a text channel that became a forum gets threads from then on', async () => {
  const { adapter, server, channel, held } = await open();
  await adapter.post(channel, MESSAGE, newKey());
  held(channel.channelId).type = 15;
  expect(await adapter.post(channel, MESSAGE, newKey())).toMatchObject({ kind: 'posted' });
  expect(server.platform.channels.threadsOf(channel.channelId)).toHaveLength(1);
});

describe('an edit of a post in a forum', () => {
  const edited: Message = { ...MESSAGE, title: 'A corrected title' };

  test('changes message and name', async () => {
    const { adapter, server, at } = await open();
    const messageId = idOf(await adapter.post(at(FORUM), MESSAGE, newKey()));
    expect(await adapter.edit(at(FORUM), messageId, edited)).toEqual({ kind: 'posted', messageId });
    const [thread] = server.platform.channels.threadsOf(FORUM);
    expect(thread?.name).toBe('A corrected title');
    expect(server.visible(thread?.id ?? '')).toEqual([expect.stringContaining('A corrected title')]);
  });

  test('leaves a thread archived that was, and does without a new name when names may not change', async () => {
    const { adapter, server, at } = await open();
    const messageId = idOf(await adapter.post(at(FORUM), MESSAGE, newKey()));
    const [thread] = server.platform.channels.threadsOf(FORUM);
    if (!thread) throw new Error('no thread');
    for (const title of ['Second', 'Third', 'Fourth']) {
      expect(await adapter.edit(at(FORUM), messageId, { ...MESSAGE, title })).toMatchObject({ kind: 'posted' });
    }
    expect(thread.name).toBe('Third');
    thread.name = 'Fifth';
    thread.archivedAtMs = Date.now();
    expect(await adapter.edit(at(FORUM), messageId, { ...MESSAGE, title: 'Fifth' })).toMatchObject({ kind: 'posted' });
    expect(server.visible(thread.id)).toEqual([expect.stringContaining('Fifth')]);
    expect(thread.archivedAtMs).not.toBeNull();
  });

  test('whose thread people deleted or locked is final, and blames nobody', async () => {
    const { adapter, at, held } = await open();
    const messageId = idOf(await adapter.post(at(FORUM), MESSAGE, newKey()));
    expect(await adapter.edit(at(FORUM), '299999999999999999/299999999999999999', edited)).toMatchObject({
      kind: 'closed',
    });
    const [threadId = ''] = messageId.split('/');
    held(threadId).locked = true;
    held(threadId).archivedAtMs = Date.now();
    expect((await adapter.edit(at(FORUM), messageId, edited)).kind).not.toBe('posted');
  });
});

describe('a lost post in a forum', () => {
  async function lose({ adapter, server, at }: OpenedChannels, message = MESSAGE): Promise<DeliveryKey> {
    const key = newKey();
    server.fail(START, FAULTS.lostAnswer);
    expect(await adapter.post(at(FORUM), message, key)).toMatchObject({ kind: 'unknown' });
    return key;
  }

  test.each(['open', 'archived'])('is found while it is %s, among others, hours later too', async (state) => {
    const bench = await open();
    await bench.adapter.post(bench.at(FORUM), { ...MESSAGE, title: 'Another' }, newKey());
    const key = await lose(bench);
    const thread = bench.server.platform.channels.threadsOf(FORUM).at(-1);
    if (!thread) throw new Error('no thread');
    if (state === 'archived') thread.archivedAtMs = Date.now();
    bench.advance(3 * 3_600_000);
    expect(await bench.adapter.find(bench.at(FORUM), MESSAGE, key)).toEqual({
      kind: 'found',
      messageId: `${thread.id}/${thread.id}`,
    });
  });

  test('is not taken for another of the same name', async () => {
    const bench = await open();
    const { adapter, at } = bench;
    const key = await lose(bench);
    await adapter.post(at(FORUM), { ...MESSAGE, url: new URL('https://blog.example/other') }, newKey());
    expect((await adapter.find(at(FORUM), MESSAGE, key)).kind).toBe('found');
    const third = { ...MESSAGE, url: new URL('https://blog.example/third') };
    expect(await adapter.find(at(FORUM), third, newKey())).toEqual({ kind: 'absent' });
  });

  test('was not made when neither list has it, and cannot be told where the lists may not be read', async () => {
    const { adapter, server, at } = await open();
    server.fail(START, FAULTS.resetBefore);
    const key = newKey();
    await adapter.post(at(FORUM), MESSAGE, key);
    expect(await adapter.find(at(FORUM), MESSAGE, key)).toEqual({ kind: 'absent' });
    server.permit(FORUM, { view: true, send: true, history: false });
    expect((await adapter.find(at(FORUM), MESSAGE, key)).kind).toBe('cannot-tell');
  });
});

describe('a message that goes on from another', () => {
  test('stands in the thread of that one in a forum, and is found and changed there', async () => {
    const { adapter, server, at } = await open();
    const continues = idOf(await adapter.post(at(FORUM), MESSAGE, newKey()));
    const key = newKey();
    const next = { ...MESSAGE, title: 'Part two', continues };
    const messageId = idOf(await adapter.post(at(FORUM), next, key));
    const [thread, ...others] = server.platform.channels.threadsOf(FORUM);
    expect(others).toEqual([]);
    expect(server.messages(thread?.id ?? '')).toHaveLength(2);
    expect(await adapter.find(at(FORUM), next, key)).toEqual({ kind: 'found', messageId });
    expect(await adapter.edit(at(FORUM), messageId, { ...next, title: 'Part 2' })).toEqual({
      kind: 'posted',
      messageId,
    });
    expect(server.visible(thread?.id ?? '').at(-1)).toContain('Part 2');
    expect(thread?.name).toBe(MESSAGE.title);
  });

  test('is asked for in its simplest form, which stands alone, when that thread is gone', async () => {
    const { adapter, server, at } = await open();
    const next = { ...MESSAGE, continues: '299999999999999999/299999999999999999' };
    expect(await adapter.post(at(FORUM), next, newKey())).toMatchObject({ kind: 'malformed' });
    expect(await adapter.post(at(FORUM), { ...next, format: 'bare' }, newKey())).toMatchObject({ kind: 'posted' });
    expect(server.platform.channels.threadsOf(FORUM)).toHaveLength(1);
  });
});

test('an archived thread is opened by a post; one that is locked refuses, and is not called malformed', async () => {
  const { adapter, server, at, held } = await open();
  held(THREAD).archivedAtMs = Date.now();
  const messageId = idOf(await adapter.post(at(THREAD), MESSAGE, newKey()));
  held(THREAD).archivedAtMs = Date.now();
  expect(await adapter.edit(at(THREAD), messageId, { ...MESSAGE, title: 'New' })).toMatchObject({ kind: 'posted' });
  expect(server.visible(THREAD)).toEqual([expect.stringContaining('New')]);
  held(THREAD).locked = true;
  expect(await adapter.post(at(THREAD), MESSAGE, newKey())).toEqual({ kind: 'refused', reason: 'not-allowed' });
});

describe('in an announcement channel', () => {
  const publish: Message = { ...MESSAGE, publish: true };
  const published = ({ server }: OpenedChannels): number =>
    server.messages(NEWS).filter(({ flags }) => (flags & 1) !== 0).length;
  async function until(holds: () => boolean): Promise<void> {
    for (let tries = 0; tries < 300 && !holds(); tries += 1) await sleep(10);
    expect(holds()).toBe(true);
  }

  test('a message is published where that is wished, and only there', async () => {
    const bench = await open();
    await bench.adapter.post(bench.at(NEWS), publish, newKey());
    await bench.adapter.post(bench.at(NEWS), MESSAGE, newKey());
    await bench.adapter.post(bench.channel, publish, newKey());
    await until(() => published(bench) === 1);
    expect(bench.server.requests(CROSSPOST)).toHaveLength(1);
  });

  test('one whose answer was lost is published when it is found', async () => {
    const bench = await open();
    const key = newKey();
    bench.server.fail('POST /channels/:id/messages', FAULTS.lostAnswer);
    await bench.adapter.post(bench.at(NEWS), publish, key);
    expect(await bench.adapter.find(bench.at(NEWS), publish, key)).toMatchObject({ kind: 'found' });
    await until(() => published(bench) === 1);
  });

  test.each(['missingPermissions', 'serverError', 'limitedFor7s'] as const)(
    'no failure to publish (%s) fails the delivery, or holds up the next or the end',
    async (fault) => {
      const bench = await open();
      bench.server.fail(CROSSPOST, FAULTS[fault]);
      expect(await bench.adapter.post(bench.at(NEWS), publish, newKey())).toMatchObject({ kind: 'posted' });
      await until(() => bench.server.requests(CROSSPOST).length === 1);
      expect(await bench.adapter.post(bench.at(NEWS), MESSAGE, newKey())).toMatchObject({ kind: 'posted' });
      const since = performance.now();
      await bench.adapter.stop();
      expect(performance.now() - since).toBeLessThan(1_000);
    },
  );

  test('ten are published in an hour; the others wait, and are not asked for again and again', async () => {
    const bench = await open();
    for (let posts = 0; posts < 14; posts += 1) await bench.adapter.post(bench.at(NEWS), publish, newKey());
    await until(() => published(bench) === 10);
    await sleep(100);
    expect(bench.server.messages(NEWS)).toHaveLength(14);
    expect(bench.server.requests(CROSSPOST)).toHaveLength(11);
  });
});

test('what Discord refuses is logged with its payload, and without the token', async () => {
  const { adapter, server, channel, logged } = await open();
  server.fail('POST /channels/:id/messages', FAULTS.blockedByAutoMod);
  await adapter.post(channel, MESSAGE, newKey());
  const [line] = logged.filter(({ event }) => event === 'discord.payload_refused');
  expect(line).toMatchObject({ level: 'warn', fields: { payload: expect.stringContaining(MESSAGE.title) } });
  expect(JSON.stringify(line)).not.toContain(server.token);
});

test('a button under a message answers whoever pressed it, privately, and leaves the message as it is', async () => {
  const { adapter, server, channel } = await open();
  const spec = { name: 'why', summary: 'Why', example: 'why x', options: [] };
  const words = { name: 'what', summary: 'What', required: true, kind: 'words' as const };
  const given: unknown[] = [];
  await adapter.start([{ ...spec, options: [words] }], (call) => {
    given.push(call.options['what']);
    return Promise.resolve({ lines: [{ kind: 'text', text: 'Because.' }], buttons: [], visibleTo: 'caller' });
  });
  const buttons = [{ label: 'Why here?', command: 'why https://blog.example/route-leak' }];
  await adapter.post(channel, { ...MESSAGE, buttons }, newKey());
  const [on] = server.messages(channel.channelId);
  if (!on) throw new Error('no message');
  const before = server.visible(channel.channelId);
  const state = await server.sendInteraction({ kind: 'button', customId: 'why https://blog.example/route-leak', on });
  for (let tries = 0; tries < 300 && (state.loading || state.callback === null); tries += 1) await sleep(10);
  expect(given).toEqual(['https://blog.example/route-leak']);
  expect(state.callback).toMatchObject({ type: 5, data: { flags: 64 } });
  expect(server.visible(channel.channelId)).toEqual(before);
});
