import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, test } from '@jest/globals';
import type { CommandCall, CommandSpec, OnCommand, Reply } from '../../src/chat/command.js';
import { UserError } from '../../src/errors.js';
import { MESSAGE, newKey } from '../contract/chat-adapter.contract.js';
import { openSlackAdapter, serveRoutes, slackChannel, type LogLine } from '../support/slack/harness.js';
import { startSlackServer, type SlackServer } from '../support/slack/slack-server.js';
import { CHANNELS, TEAM_ID } from '../support/slack/workspace.js';

const SPECS: readonly CommandSpec[] = [
  {
    name: 'search',
    summary: 'Find posts',
    options: [
      { name: 'words', summary: 'what to look for', required: true, kind: 'words' },
      { name: 'page', summary: 'which page', required: false, kind: 'integer' },
    ],
    example: 'search route leak',
  },
  { name: 'help', summary: 'What there is', options: [], example: 'help' },
];
const VIAS = ['socket', 'http'] as const;

interface Bench {
  readonly server: SlackServer;
  readonly url: string | null;
  readonly calls: CommandCall[];
  readonly lines: readonly LogLine[];
  readonly stop: () => Promise<void>;
}

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

function privately(text: string, rest: Partial<Reply> = {}): Reply {
  return { lines: [{ kind: 'text', text }], buttons: [], visibleTo: 'caller', ...rest };
}

async function open(via: (typeof VIAS)[number], answer: OnCommand): Promise<Bench> {
  const server = await startSlackServer();
  const { adapter, lines } = openSlackAdapter(server.apiUrl, { commands: via });
  const web = await serveRoutes(adapter);
  const calls: CommandCall[] = [];
  await adapter.start(SPECS, (call) => {
    calls.push(call);
    return answer(call);
  });
  closing.push(async () => {
    await adapter.stop();
    await web.close();
    await server.close();
  });
  return { server, url: via === 'http' ? web.url : null, calls, lines, stop: adapter.stop };
}

describe.each(VIAS)('commands over %s', (via) => {
  test('a command is understood, and its answer reaches the caller alone', async () => {
    const { server, url, calls } = await open(via, () => Promise.resolve(privately('Two posts <found> & shown')));
    const { status, replies } = await server.sendCommand({ text: 'search "route leak" page:2', url });
    expect(status).toBe(200);
    const reply = await replies.next(1, 2_000);
    expect(reply).toMatchObject({
      responseType: 'ephemeral',
      replaceOriginal: false,
      seen: 'Two posts <found> & shown',
    });
    expect(calls).toEqual([
      {
        name: 'search',
        options: { words: '"route leak"', page: '2' },
        channel: slackChannel(CHANNELS.news),
        caller: { id: 'U0000000001', name: 'ann', mayManage: true },
      },
    ]);
    expect(server.violations).toEqual([]);
  });

  test('work that takes 4 s is acknowledged within 3 s, and answered all the same', async () => {
    const { server, url } = await open(via, () => sleep(4_000, privately('At last')));
    const { status, ackedAfterMs, replies } = await server.sendCommand({ text: 'search slowly', url });
    expect(status).toBe(200);
    expect(ackedAfterMs).toBeLessThan(1_000);
    expect(replies.sent()).toEqual([]);
    expect(await replies.next(1, 5_000)).toMatchObject({ seen: 'At last' });
    expect(server.violations).toEqual([]);
  });

  test('a press on a button runs its command, and the reply takes the place of the message', async () => {
    const { server, url, calls } = await open(via, () => Promise.resolve(privately('Page two')));
    const { replies } = await server.pressButton({ value: 'search bgp page:2', isEphemeral: true, url });
    expect(await replies.next(1, 2_000)).toMatchObject({ responseType: 'ephemeral', replaceOriginal: true });
    expect(calls).toMatchObject([{ name: 'search', options: { words: 'bgp', page: '2' }, caller: { name: 'ann' } }]);
  });

  test('a reply for everybody does not replace what one person saw, nor the other way round', async () => {
    const forAll = privately('Shared', { visibleTo: 'channel' });
    const { server, url } = await open(via, ({ options }) =>
      Promise.resolve(options['words'] === 'share' ? forAll : privately('Just you')),
    );
    const shared = await server.pressButton({ value: 'search share', isEphemeral: true, url });
    expect(await shared.replies.next(1, 2_000)).toMatchObject({ responseType: 'in_channel', replaceOriginal: false });
    const own = await server.pressButton({ value: 'search mine', isEphemeral: false, url });
    expect(await own.replies.next(1, 2_000)).toMatchObject({ responseType: 'ephemeral', replaceOriginal: false });
  });

  test('a typo is answered with what to type, without asking anyone', async () => {
    const { server, url, calls } = await open(via, () => Promise.resolve(privately('not asked')));
    const { replies } = await server.sendCommand({ text: 'serch bgp', url });
    expect((await replies.next(1, 2_000)).seen).toContain('/tidings search bgp');
    expect(calls).toEqual([]);
  });

  test('a bug is told politely, without its insides, and logged with its stack', async () => {
    const { server, url, lines } = await open(via, () => Promise.reject(new TypeError('secret-table is undefined')));
    const { replies } = await server.sendCommand({ text: 'search x', url });
    const { seen, responseType } = await replies.next(1, 2_000);
    expect(seen).toContain('our fault');
    expect(seen).not.toContain('secret-table');
    expect(responseType).toBe('ephemeral');
    const logged = lines.find(({ event }) => event === 'slack.command_failed');
    expect(logged).toMatchObject({
      level: 'error',
      fields: { error: expect.stringMatching(/secret-table[^]*slack-commands.test/) },
    });
  });

  test('what a person typed wrong is told in its own words', async () => {
    const { server, url, lines } = await open(via, () =>
      Promise.reject(new UserError('no-feed', 'No feed by that name.')),
    );
    const { replies } = await server.sendCommand({ text: 'search x', url });
    expect((await replies.next(1, 2_000)).seen).toBe('No feed by that name.');
    expect(lines.filter(({ level }) => level === 'error')).toEqual([]);
  });

  test('stop waits for the answer to a command that was taken', async () => {
    const { server, url, stop } = await open(via, () => sleep(500, privately('Still here')));
    const { replies } = await server.sendCommand({ text: 'search x', url });
    await stop();
    expect(replies.sent()).toMatchObject([{ seen: 'Still here' }]);
  });

  test('an answer that cannot be delivered is tried once, logged, and harms nothing', async () => {
    const { server, url, lines } = await open(via, () => Promise.resolve(privately('lost')));
    server.fail('response_url', { kind: 'status', status: 500 });
    const { replies } = await server.sendCommand({ text: 'search x', url });
    await expect(replies.next(2, 300)).rejects.toThrow('no reply 2');
    expect(lines.filter(({ event }) => event === 'slack.reply_not_delivered')).toHaveLength(1);
    const again = await server.sendCommand({ text: 'search y', url });
    expect(await again.replies.next(1, 2_000)).toMatchObject({ seen: 'lost' });
  });
});

describe('what Slack puts into the text of a command', () => {
  test('links, channels and entities are read as they were typed', async () => {
    const { server, calls } = await open('socket', () => Promise.resolve(privately('ok')));
    const text =
      'search &lt;tag&gt; &amp;amp; <https://a.example/?x=1&amp;y=2|a.example> in <#C0000000002|general> by <@U1|bob>';
    const { replies } = await server.sendCommand({ text, url: null });
    await replies.next(1, 2_000);
    expect(calls[0]?.options).toEqual({
      words: '<tag> &amp; https://a.example/?x=1&y=2 in C0000000002 by @bob',
    });
  });
});

describe('commands over HTTP', () => {
  test.each(['bad', 'old', 'none'] as const)(
    'a request with a %s signature is turned away with 401',
    async (signature) => {
      const { server, url, calls, lines } = await open('http', () => Promise.resolve(privately('no')));
      const { status, replies } = await server.sendCommand({ text: 'search x', url, signature });
      expect(status).toBe(401);
      expect(calls).toEqual([]);
      expect(replies.sent()).toEqual([]);
      expect(lines.filter(({ level }) => level === 'warn')).not.toEqual([]);
    },
  );

  test('after stop, the callback answers 503', async () => {
    const { server, url, stop } = await open('http', () => Promise.resolve(privately('no')));
    await stop();
    expect(await server.sendCommand({ text: 'search x', url })).toMatchObject({ status: 503 });
  });
});

describe('commands over Socket Mode', () => {
  const ok: OnCommand = () => Promise.resolve(privately('Here'));
  const connected = async (server: SlackServer, count = 1): Promise<void> => {
    while (server.socketMode.connections() !== count) await sleep(10);
  };

  test.each(['refresh', 'cut'] as const)('come through again after a %s, while posting goes on', async (how) => {
    const { server, lines } = await open('socket', ok);
    server.socketMode[how]();
    await connected(server, 0);
    await connected(server);
    await sleep(50);
    const { replies } = await server.sendCommand({ text: 'search x', url: null });
    expect(await replies.next(1, 2_000)).toMatchObject({ seen: 'Here' });
    expect(lines.filter(({ level }) => level === 'error')).toEqual([]);
  });

  test('Slack out of reach: said once, posting still works, and commands come back by themselves', async () => {
    const server = await startSlackServer();
    server.fail('apps.connections.open', { kind: 'broken', how: 'reset' }, 2);
    const { adapter, lines } = openSlackAdapter(server.apiUrl, { commands: 'socket' });
    closing.push(adapter.stop, server.close);
    await adapter.start(SPECS, ok);
    expect(await adapter.post(slackChannel(CHANNELS.news), MESSAGE, newKey())).toMatchObject({ kind: 'posted' });
    await connected(server);
    await sleep(50);
    const { replies } = await server.sendCommand({ text: 'search x', url: null });
    await replies.next(1, 2_000);
    const told = lines.filter(({ level }) => level !== 'debug').map(({ level, event }) => `${level} ${event}`);
    expect(told).toEqual(['warn slack.commands_unreachable', 'info slack.commands_on']);
  });

  test('a lost connection that cannot be opened anew at once does not end the process', async () => {
    const { server, lines } = await open('socket', ok);
    server.fail('apps.connections.open', { kind: 'status', status: 503 });
    server.socketMode.cut();
    await connected(server, 0);
    await connected(server);
    expect(lines.map(({ event }) => event)).toContain('slack.commands_unreachable');
  });

  test('stop while it is connecting leaves no connection behind', async () => {
    const server = await startSlackServer();
    closing.push(server.close);
    const { adapter } = openSlackAdapter(server.apiUrl, { commands: 'socket' });
    const starting = adapter.start(SPECS, ok);
    await adapter.stop();
    await starting;
    await sleep(200);
    expect(server.socketMode.connections()).toBe(0);
  });
});

test('without an app token or a signing secret there are posts and no commands, and the log says what to set', async () => {
  const server = await startSlackServer();
  closing.push(server.close);
  const { adapter, lines } = openSlackAdapter(server.apiUrl, { commands: 'off' });
  await adapter.start(SPECS, () => Promise.resolve(privately('no')));
  expect(adapter.routes).toEqual([]);
  expect(await adapter.post(slackChannel(CHANNELS.news, TEAM_ID), MESSAGE, newKey())).toMatchObject({ kind: 'posted' });
  expect(lines).toMatchObject([
    { event: 'slack.commands_off', fields: { hint: expect.stringContaining('SLACK_APP_TOKEN') } },
  ]);
  await adapter.stop();
});
