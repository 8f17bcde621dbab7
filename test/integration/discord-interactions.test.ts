import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, test } from '@jest/globals';
import type { CommandCall, CommandSpec, Reply } from '../../src/chat/command.js';
import { UserError } from '../../src/errors.js';
import type { StoredMessage } from '../support/discord/api.js';
import type { InteractionState } from '../support/discord/platform.js';
import { FAULTS } from '../support/discord/faults.js';
import { readEmbed } from '../support/discord/markdown.js';
import { openDiscord, type OpenedDiscord } from '../support/discord/open-adapter.js';
import { MESSAGE, newKey } from '../contract/chat-adapter.contract.js';

const SPECS: readonly CommandSpec[] = [
  {
    name: 'search',
    summary: 'Find posts',
    example: 'search bgp',
    options: [
      { name: 'words', summary: 'What to look for', required: true, kind: 'words' },
      { name: 'page', summary: 'Which page', required: false, kind: 'integer' },
    ],
  },
];
const EPHEMERAL = 64;

function said(text: string, rest: Partial<Reply> = {}): Reply {
  return { lines: [{ kind: 'text', text }], buttons: [], visibleTo: 'caller', ...rest };
}

interface Bot extends OpenedDiscord {
  readonly url: string;
  readonly calls: CommandCall[];
}

const running: { readonly discord: OpenedDiscord; readonly http: Server }[] = [];
async function start(answer: (call: CommandCall) => Promise<Reply> | Reply): Promise<Bot> {
  const discord = await openDiscord();
  const calls: CommandCall[] = [];
  const http = createServer((request, response) => {
    for (const { handle } of discord.adapter.routes) handle(request, response);
  });
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  running.push({ discord, http });
  await discord.adapter.start(SPECS, async (call) => {
    calls.push(call);
    return answer(call);
  });
  const { port } = http.address() as AddressInfo;
  return { ...discord, calls, url: `http://127.0.0.1:${String(port)}/discord/interactions` };
}
afterEach(async () => {
  for (const { discord, http } of running.splice(0)) {
    await discord.close();
    http.closeAllConnections();
    http.close();
  }
});

async function until(holds: () => boolean): Promise<void> {
  for (let tries = 0; tries < 200 && !holds(); tries += 1) await sleep(10);
  expect(holds()).toBe(true);
}
const answered = (state: InteractionState): Promise<void> => until(() => state.original !== null && !state.loading);
const read = (message: StoredMessage | null | undefined): string => (message?.embeds ?? []).map(readEmbed).join('\n');

describe.each(['gateway', 'http'])('over %s', (way) => {
  const via = (bot: Bot): string | undefined => (way === 'http' ? bot.url : undefined);

  test('a command arrives with its options, place and caller; its reply is for the caller alone', async () => {
    const bot = await start(() => said('two posts'));
    const { server, calls, channel } = bot;
    const options = { words: 'route leak', page: 2 };
    const state = await server.sendInteraction({ kind: 'command', name: 'search', options }, via(bot));
    await answered(state);
    expect(calls).toEqual([
      {
        name: 'search',
        options: { words: 'route leak', page: '2' },
        channel,
        caller: { id: '400000000000000001', name: 'A Reader', mayManage: true },
      },
    ]);
    expect(read(state.original)).toBe('two posts');
    expect((state.original?.flags ?? 0) & EPHEMERAL).toBe(EPHEMERAL);
    expect(server.messages(channel.channelId)).toEqual([]);
  });

  test('the deferral is out before the command has done its work', async () => {
    const done = { release: (): void => undefined };
    const bot = await start(
      () =>
        new Promise((resolve) => {
          done.release = () => {
            resolve(said('at last'));
          };
        }),
    );
    const state = await bot.server.sendInteraction({ kind: 'command', name: 'search' }, via(bot));
    await until(() => state.callback !== null);
    expect(state.callback).toEqual({ type: 5, data: { flags: EPHEMERAL } });
    expect(state.original).toBeNull();
    await until(() => bot.calls.length === 1);
    done.release();
    await answered(state);
    expect(read(state.original)).toBe('at last');
  });

  test('a reply for the channel is seen by all; the caller gets a short note', async () => {
    const bot = await start(() => said('for everyone', { visibleTo: 'channel' }));
    const state = await bot.server.sendInteraction({ kind: 'command', name: 'search' }, via(bot));
    await until(() => state.followUps.length === 1);
    expect(read(state.followUps[0])).toBe('for everyone');
    expect((state.followUps[0]?.flags ?? 0) & EPHEMERAL).toBe(0);
    expect(read(state.original)).toContain('Shared');
  });

  test('a button on a private message gives its command and changes that message; on a public one it answers its presser', async () => {
    const bot = await start(({ options }) =>
      said(`page ${options['page'] ?? '1'}`, { buttons: [{ label: 'Next', command: 'search bgp page:2' }] }),
    );
    const first = await bot.server.sendInteraction(
      { kind: 'command', name: 'search', options: { words: 'bgp' } },
      via(bot),
    );
    await answered(first);
    const on = first.original;
    if (!on) throw new Error('no message to press a button on');
    expect(JSON.stringify(on.components)).toContain('search bgp page:2');

    const pressed = await bot.server.sendInteraction({ kind: 'button', customId: 'search bgp page:2', on }, via(bot));
    await until(() => read(pressed.original) === 'page 2');
    expect(pressed.callback).toEqual({ type: 6 });
    expect(pressed.original?.id).toBe(on.id);
    expect(bot.calls[1]).toMatchObject({ name: 'search', options: { words: 'bgp', page: '2' } });

    const shared = { ...on, flags: 0 };
    const other = await bot.server.sendInteraction(
      { kind: 'button', customId: 'search bgp page:2', on: shared },
      via(bot),
    );
    await until(() => read(other.original) === 'page 2' && !other.loading);
    expect(other.callback).toEqual({ type: 5, data: { flags: EPHEMERAL } });
    expect((other.original?.flags ?? 0) & EPHEMERAL).toBe(EPHEMERAL);
  });

  test('nothing in a reply pings anyone', async () => {
    const bot = await start(() => said('@everyone <@123456789012345678>', { visibleTo: 'channel' }));
    const state = await bot.server.sendInteraction({ kind: 'command', name: 'search' }, via(bot));
    await until(() => state.followUps.length === 1);
    expect(read(state.followUps[0])).toBe('@everyone <@123456789012345678>');
    expect(bot.server.platform.pings).toEqual([]);
  });
});

describe('who may manage the channel', () => {
  test.each([
    ['16', true],
    ['8', true],
    ['2147483647', true],
    ['2048', false],
    ['0', false],
  ])('permissions %s: %p', async (permissions, mayManage) => {
    const bot = await start(() => said('ok'));
    await answered(await bot.server.sendInteraction({ kind: 'command', name: 'search', permissions }));
    expect(bot.calls[0]?.caller.mayManage).toBe(mayManage);
  });
});

describe('what goes wrong', () => {
  test('in a direct message the answer is to use a server', async () => {
    const bot = await start(() => said('never'));
    const state = await bot.server.sendInteraction({ kind: 'command', name: 'search', direct: true });
    await answered(state);
    expect(read(state.original)).toContain('servers');
    expect(bot.calls).toEqual([]);
  });

  test('a command that fails tells its caller kindly and the log everything', async () => {
    const bot = await start(() => Promise.reject(new Error('database: password is hunter2')));
    const state = await bot.server.sendInteraction({ kind: 'command', name: 'search' });
    await answered(state);
    expect(read(state.original)).toContain('went wrong on my side');
    expect(read(state.original)).not.toContain('hunter2');
    const failed = bot.logged.find(({ event }) => event === 'discord.command.failed');
    expect(failed?.fields['error']).toContain('interactions.test');
  });

  test('what a person typed wrong is told in its own words', async () => {
    const bot = await start(() =>
      Promise.reject(new UserError('no-topic', 'There is no topic "bpg". Did you mean bgp?')),
    );
    const state = await bot.server.sendInteraction({ kind: 'command', name: 'search' });
    await answered(state);
    expect(read(state.original)).toContain('Did you mean bgp?');
  });

  test('a button whose command is no more says what to type', async () => {
    const bot = await start(() => said('never'));
    const state = await bot.server.sendInteraction({ kind: 'button', customId: 'serch bgp', on: stub(bot) });
    await until(() => read(state.original).includes('search'));
    expect(bot.calls).toEqual([]);
  });

  test('a deferral that fails runs no command, and posting goes on', async () => {
    const bot = await start(() => said('never'));
    bot.server.fail('POST /interactions/:id/:token/callback', FAULTS.serverError);
    await bot.server.sendInteraction({ kind: 'command', name: 'search' });
    await until(() => bot.logged.some(({ event }) => event === 'discord.interaction.late'));
    expect(bot.calls).toEqual([]);
    expect((await bot.adapter.post(bot.channel, MESSAGE, newKey())).kind).toBe('posted');
  });
});

describe('the HTTP endpoint', () => {
  test('answers a ping, and only when it is signed by Discord', async () => {
    const { server, url } = await start(() => said('never'));
    expect(await server.sendInteraction({ kind: 'ping' }, url)).toMatchObject({ status: 200, answer: '{"type":1}' });
    expect(await server.sendInteraction({ kind: 'ping', forged: true }, url)).toMatchObject({ status: 401 });
  });

  test('runs no command without a good signature', async () => {
    const { server, url, calls } = await start(() => said('never'));
    expect(await server.sendInteraction({ kind: 'command', name: 'search', forged: true }, url)).toMatchObject({
      status: 401,
    });
    const unsigned = await fetch(url, { method: 'POST', body: '{"type":2}' });
    const odd = { 'x-signature-ed25519': 'zz', 'x-signature-timestamp': '1' };
    const badlySigned = await fetch(url, { method: 'POST', body: '{"type":2}', headers: odd });
    expect([unsigned.status, badlySigned.status]).toEqual([401, 401]);
    expect(calls).toEqual([]);
  });

  test('does not read endless bodies', async () => {
    const { url } = await start(() => said('never'));
    const response = await fetch(url, { method: 'POST', body: 'x'.repeat(300_000) });
    expect(response.status).toBe(413);
  });
});

function stub({ server }: Bot): StoredMessage {
  return {
    id: server.platform.snowflake(),
    channelId: server.channelId,
    content: '',
    embeds: [],
    components: [],
    flags: EPHEMERAL,
    nonce: null,
    createdAtMs: Date.now(),
  };
}
