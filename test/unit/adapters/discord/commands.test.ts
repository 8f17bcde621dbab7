import { expect, test } from '@jest/globals';
import { isRegistered, registrationFor } from '../../../../adapters/discord/commands.js';
import { inviteUrl } from '../../../../adapters/discord/invite.js';
import { nonceFor } from '../../../../adapters/discord/nonce.js';
import type { CommandSpec } from '../../../../src/chat/command.js';
import type { DeliveryId } from '../../../../src/ids.js';
import { checkCommands } from '../../../support/discord/validate.js';

const SPECS: readonly CommandSpec[] = [
  {
    name: 'search',
    summary: 'Find posts',
    example: 'search bgp',
    options: [
      { name: 'page', summary: 'Which page', required: false, kind: 'integer' },
      { name: 'words', summary: 'What to look for', required: true, kind: 'words' },
    ],
  },
  { name: 'help', summary: 'What I can do', example: 'help', options: [] },
];

test('the catalogue is one command with typed subcommands, required options first', () => {
  const wanted = registrationFor(SPECS);
  checkCommands([wanted]);
  expect(wanted).toMatchObject({
    name: 'tidings',
    contexts: [0],
    options: [
      {
        type: 1,
        name: 'search',
        options: [
          { type: 3, name: 'words', required: true },
          { type: 4, name: 'page', required: false },
        ],
      },
      { type: 1, name: 'help', options: [] },
    ],
  });
});

test('what Discord adds on its own is no difference; another option, or another command beside it, is', () => {
  const wanted = registrationFor(SPECS);
  const held = { id: '1', version: '2', nsfw: false, name_localizations: null, ...wanted };
  expect(isRegistered([held], wanted)).toBe(true);
  // Discord leaves out what is false or empty.
  const terse = JSON.parse(
    JSON.stringify(held, (name, value: unknown) =>
      value === false || (name === 'options' && Array.isArray(value) && value.length === 0) ? undefined : value,
    ),
  ) as unknown;
  expect(isRegistered([terse], wanted)).toBe(true);
  expect(isRegistered([held], registrationFor(SPECS.slice(1)))).toBe(false);
  expect(isRegistered([held, { ...held, name: 'old' }], wanted)).toBe(false);
  expect(isRegistered([], wanted)).toBe(false);
});

test('the invite asks for exactly the permissions that posting and looking up take', () => {
  const url = new URL(inviteUrl('100000000000000001'));
  expect(url.origin + url.pathname).toBe('https://discord.com/oauth2/authorize');
  expect(Object.fromEntries(url.searchParams)).toEqual({
    client_id: '100000000000000001',
    scope: 'bot applications.commands',
    // View Channel, Send Messages, Embed Links, Read Message History, Send Messages in Threads
    permissions: String((1n << 10n) | (1n << 11n) | (1n << 14n) | (1n << 16n) | (1n << 38n)),
  });
});

test('a nonce is the same for one delivery, another for the next, and short enough', () => {
  const [a, b] = ['4a4c5f5e-7d2b-4a53-9d0c-0e5f6a1b2c3d', '5a4c5f5e-7d2b-4a53-9d0c-0e5f6a1b2c3d'] as DeliveryId[];
  const nonces = [a, b].map((id) => nonceFor(id ?? ('' as DeliveryId)));
  expect(nonceFor(a ?? ('' as DeliveryId))).toBe(nonces[0]);
  expect(nonces[0]).not.toBe(nonces[1]);
  expect(nonces[0]).toMatch(/^[\w-]{22}$/);
});
