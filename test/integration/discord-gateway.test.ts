import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, test } from '@jest/globals';
import type { CommandSpec, Reply } from '../../src/chat/command.js';
import { MESSAGE, newKey } from '../contract/chat-adapter.contract.js';
import { FAULTS } from '../support/discord/faults.js';
import type { DiscordServerOptions } from '../support/discord/discord-server.js';
import { openDiscord, type OpenedDiscord } from '../support/discord/open-adapter.js';

const SPECS: readonly CommandSpec[] = [{ name: 'help', summary: 'What I can do', example: 'help', options: [] }];
const COMMANDS = '/applications/:id/commands';

const opened: OpenedDiscord[] = [];
async function open(options: DiscordServerOptions = {}): Promise<OpenedDiscord> {
  const discord = await openDiscord(options);
  opened.push(discord);
  return discord;
}
afterEach(async () => {
  for (const { close } of opened.splice(0)) await close();
});

const noReply = (): Promise<Reply> => Promise.reject(new Error('no command is given here'));
const events = ({ logged }: OpenedDiscord): string[] => logged.map(({ event }) => event);

async function until(holds: () => boolean): Promise<void> {
  for (let tries = 0; tries < 300 && !holds(); tries += 1) await sleep(10);
  expect(holds()).toBe(true);
}

test('one start is one IDENTIFY, with the Guilds intent alone', async () => {
  const { server, adapter } = await open();
  await adapter.start(SPECS, noReply);
  expect(server.gateway.identifies()).toBe(1);
});

test('a server that knows only REST gets posts all the same, before and after start', async () => {
  const discord = await open({ gateway: false });
  const { server, adapter, channel } = discord;
  expect((await adapter.post(channel, MESSAGE, newKey())).kind).toBe('posted');
  await adapter.start(SPECS, noReply);
  expect((await adapter.post(channel, MESSAGE, newKey())).kind).toBe('posted');
  await sleep(300);
  expect(events(discord).filter((event) => event === 'discord.gateway.down')).toHaveLength(1);
  expect(server.requests('GET /gateway/bot')).toHaveLength(1);
  expect(server.gateway.connections()).toBe(0);
});

test('a platform that is down does not hold up start, nor posting once it is back', async () => {
  const { server, adapter, channel } = await open();
  await server.goDown();
  await adapter.start(SPECS, noReply);
  expect((await adapter.post(channel, MESSAGE, newKey())).kind).toBe('unavailable');
  await server.comeBack();
  expect((await adapter.post(channel, MESSAGE, newKey())).kind).toBe('posted');
});

test('a lost connection is resumed, not begun anew', async () => {
  const discord = await open();
  const { server, adapter } = discord;
  await adapter.start(SPECS, noReply);
  server.gateway.closeAll(4000);
  await until(() => server.gateway.resumes() === 1);
  expect(server.gateway.identifies()).toBe(1);
});

test('a gateway that refuses the token is asked once; posting answers bad-credentials without a request', async () => {
  const discord = await open();
  const { server, adapter, channel } = discord;
  server.gateway.refuseWith(4004);
  await adapter.start(SPECS, noReply);
  await until(() => events(discord).includes('discord.token-refused'));
  const before = server.requests().length;
  expect(await adapter.post(channel, MESSAGE, newKey())).toEqual({ kind: 'refused', reason: 'bad-credentials' });
  await sleep(1_200);
  expect(server.requests()).toHaveLength(before);
  expect(server.gateway.connections()).toBe(1);
});

test('a token refused over REST never gets as far as the gateway', async () => {
  const discord = await open();
  discord.server.revokeToken();
  await discord.adapter.start(SPECS, noReply);
  await sleep(100);
  expect(discord.server.gateway.connections()).toBe(0);
  expect(discord.server.requests().length).toBeLessThanOrEqual(2);
  expect(events(discord).filter((event) => event === 'discord.token-refused')).toHaveLength(1);
});

test('a gateway that closes every session is left alone after a few tries, and nothing reconnects behind our back', async () => {
  const discord = await open();
  const { server, adapter, channel } = discord;
  await adapter.start(SPECS, noReply);
  // Each RESUME meets a closed door: no IDENTIFY is spent, and the back-off ends the knocking.
  const knock = setInterval(() => {
    server.gateway.closeAll(4000);
  }, 20);
  await until(() => events(discord).includes('discord.gateway.down')).finally(() => {
    clearInterval(knock);
  });
  const connections = server.gateway.connections();
  await sleep(1_500);
  expect(server.gateway.connections()).toBe(connections);
  expect(server.gateway.identifies()).toBe(1);
  expect((await adapter.post(channel, MESSAGE, newKey())).kind).toBe('posted');
});

test('when the day is nearly used up, no session is begun: Discord would reset the token', async () => {
  const discord = await open({ sessionStartsUsed: 950 });
  const { server, adapter, channel } = discord;
  await adapter.start(SPECS, noReply);
  expect(server.gateway.identifies()).toBe(0);
  expect(events(discord)).toContain('discord.gateway.down');
  expect((await adapter.post(channel, MESSAGE, newKey())).kind).toBe('posted');
});

test('stop ends the session, and starts none', async () => {
  const { server, adapter } = await open();
  await adapter.start(SPECS, noReply);
  server.gateway.closeAll(4000);
  await sleep(50);
  await adapter.stop();
  const connections = server.gateway.connections();
  await sleep(1_000);
  expect(server.gateway.connections()).toBe(connections);
});

describe('commands', () => {
  test('are registered once: a second start finds them there', async () => {
    const { server, adapter } = await open();
    await adapter.start(SPECS, noReply);
    expect(server.platform.commands).toMatchObject([{ name: 'tidings', options: [{ name: 'help' }] }]);
    await adapter.stop();
    const puts = server.requests(`PUT ${COMMANDS}`).length;
    const { createDiscordAdapter } = await import('../../adapters/discord/discord-adapter.js');
    const silent = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };
    const again = createDiscordAdapter({
      token: server.token,
      applicationId: server.applicationId,
      publicKey: null,
      apiUrl: server.apiUrl,
      clock: () => new Date(),
      log: silent,
    });
    await again.start(SPECS, noReply);
    await again.stop();
    expect(puts).toBe(1);
    expect(server.requests(`PUT ${COMMANDS}`)).toHaveLength(1);
    expect(server.requests(`GET ${COMMANDS}`)).toHaveLength(2);
  });

  test('that cannot be registered now hold up nothing', async () => {
    const discord = await open();
    discord.server.fail(`GET ${COMMANDS}`, FAULTS.serverError);
    await discord.adapter.start(SPECS, noReply);
    expect(events(discord)).toContain('discord.commands.unregistered');
    expect(discord.server.gateway.identifies()).toBe(1);
    expect((await discord.adapter.post(discord.channel, MESSAGE, newKey())).kind).toBe('posted');
  });
});
