import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  ApplicationCommandUpdateRequestSchema,
  CreateForumThreadRequestSchema,
  CreateMessageInteractionCallbackRequestSchema,
  IncomingWebhookUpdateRequestPartialSchema,
  MessageCreateRequestSchema,
  MessageEditRequestPartialSchema,
  UpdateMessageInteractionCallbackRequestSchema,
  UpdateThreadRequestPartialSchema,
} from 'discord-api-spec/zod';
import { forumPost } from '../../adapters/discord/forum.js';
import { renderMessage } from '../../adapters/discord/render.js';
import type { CommandSpec, Reply } from '../../src/chat/command.js';
import { anyMessage, MESSAGE, newKey } from '../contract/chat-adapter.contract.js';
import { openDiscord } from '../support/discord/open-adapter.js';

/**
 * Schemas that others made from Discord's own OpenAPI document: what our server lets pass must pass them too.
 * A follow-up is held to the same schema as an edit of the answer, of which it is the stricter reading.
 */
const SCHEMAS = {
  'POST /channels/:id/messages': MessageCreateRequestSchema,
  'PATCH /channels/:id/messages/:id': MessageEditRequestPartialSchema,
  'POST /channels/:id/threads': CreateForumThreadRequestSchema,
  'PATCH /channels/:id': UpdateThreadRequestPartialSchema,
  'PATCH /webhooks/:id/:token/messages/@original': IncomingWebhookUpdateRequestPartialSchema,
  'POST /webhooks/:id/:token': IncomingWebhookUpdateRequestPartialSchema,
};

const FORUM = '200000000000000015';

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
];

const REPLY: Reply = {
  lines: [
    { kind: 'heading', text: 'Two posts' },
    { kind: 'item', title: 'One', url: new URL('https://a.example/1'), detail: 'today' },
    { kind: 'code', text: '/tidings search bgp' },
  ],
  buttons: [{ label: 'Next', command: 'search bgp page:2' }],
  visibleTo: 'channel',
};

function problems(schema: typeof MessageCreateRequestSchema, body: unknown): unknown {
  return schema.safeParse(body).error ?? null;
}

test('every body that goes out fits the schema Discord publishes for it', async () => {
  const tags = [{ id: '700000000000000001', name: 'BGP' }];
  const { server, adapter, channel, close } = await openDiscord({ channels: [{ id: FORUM, type: 15, tags }] });
  const forum = { ...channel, channelId: FORUM };
  const thread = await adapter.post(forum, MESSAGE, newKey());
  await adapter.edit(forum, thread.kind === 'posted' ? thread.messageId : '', { ...MESSAGE, title: 'Corrected' });
  await adapter.start(SPECS, () => Promise.resolve(REPLY));
  const posted = await adapter.post(channel, { ...MESSAGE, imageUrl: new URL('https://a.example/i.png') }, newKey());
  await adapter.edit(channel, posted.kind === 'posted' ? posted.messageId : '', { ...MESSAGE, format: 'plain' });
  const state = await server.sendInteraction({ kind: 'command', name: 'search' });
  while (state.followUps.length === 0) await sleep(10);
  const on = state.original;
  if (on) await server.sendInteraction({ kind: 'button', customId: 'search bgp page:2', on });
  while (server.requests('POST /webhooks/:id/:token').length < 2) await sleep(10);
  await close();

  for (const [route, schema] of Object.entries(SCHEMAS)) {
    const bodies = server.requests(route).map(({ body }) => body);
    expect(bodies.length).toBeGreaterThan(0);
    for (const body of bodies) expect({ route, problems: problems(schema, body) }).toEqual({ route, problems: null });
  }
  const [commands] = server.requests('PUT /applications/:id/commands');
  for (const command of commands?.body as unknown[]) {
    expect(problems(ApplicationCommandUpdateRequestSchema, command)).toBeNull();
  }
  const callbacks = server.requests('POST /interactions/:id/:token/callback').map(({ body }) => body);
  expect(callbacks.map((body) => (body as { type: number }).type)).toEqual([5, 6]);
  expect(problems(CreateMessageInteractionCallbackRequestSchema, callbacks[0])).toBeNull();
  expect(problems(UpdateMessageInteractionCallbackRequestSchema, callbacks[1])).toBeNull();
});

test('the schemas do refuse what is wrong', () => {
  expect(problems(MessageCreateRequestSchema, { embeds: [{ title: 'x'.repeat(257) }] })).not.toBeNull();
  expect(problems(ApplicationCommandUpdateRequestSchema, { name: '', description: 'x' })).not.toBeNull();
  expect(problems(CreateMessageInteractionCallbackRequestSchema, { type: 9 })).not.toBeNull();
});

const TAGS = Array.from({ length: 20 }, (_, n) => ({
  id: `7000000000000000${String(n + 10)}`,
  name: `Tag ${String(n)}`,
}));

test('whatever a feed writes makes a body that fits', () => {
  fc.assert(
    fc.property(anyMessage, (message) => {
      const body = { ...renderMessage(message), nonce: 'n', enforce_nonce: true };
      expect(problems(MessageCreateRequestSchema, body)).toBeNull();
      expect(problems(MessageEditRequestPartialSchema, renderMessage(message))).toBeNull();
      const forum = { kind: 'threads', tagRequired: true, tags: TAGS } as const;
      expect(problems(CreateForumThreadRequestSchema, forumPost(message, forum))).toBeNull();
    }),
    { numRuns: 200 },
  );
});
