import { afterEach, describe, expect, test } from '@jest/globals';
import { MESSAGE, newKey } from '../contract/chat-adapter.contract.js';
import type { PostOutcome } from '../../src/chat/post-outcome.js';
import type { SlackFault } from '../support/slack/faults.js';
import { openSlackAdapter, slackChannel } from '../support/slack/harness.js';
import { startSlackServer, type SlackServer } from '../support/slack/slack-server.js';
import { CHANNELS } from '../support/slack/workspace.js';

const NEWS = slackChannel(CHANNELS.news);
const opened: SlackServer[] = [];

async function open(options: Parameters<typeof startSlackServer>[0] = {}) {
  const server = await startSlackServer(options);
  opened.push(server);
  return { server, ...openSlackAdapter(server.apiUrl, { commands: 'off' }) };
}

afterEach(async () => {
  await Promise.all(opened.splice(0).map((server) => server.close()));
});

/** What goes wrong, what that says of the message, and how many messages are then in the channel. */
const TABLE: readonly (readonly [name: string, fault: SlackFault, outcome: Partial<PostOutcome>, stored: 0 | 1])[] = [
  ['429 with Retry-After', { kind: 'throttled', retryAfterS: 7 }, { kind: 'throttled', retryAfterMs: 7_000 }, 0],
  ['429 without Retry-After', { kind: 'throttled', retryAfterS: null }, { kind: 'throttled', retryAfterMs: 30_000 }, 0],
  ['429 with Retry-After: 0', { kind: 'throttled', retryAfterS: 0 }, { kind: 'throttled', retryAfterMs: 30_000 }, 0],
  [
    'ratelimited in a 200',
    { kind: 'error', error: 'ratelimited', retryAfterS: 3 },
    { kind: 'throttled', retryAfterMs: 3_000 },
    0,
  ],
  ['ratelimited, no seconds', { kind: 'error', error: 'ratelimited' }, { kind: 'throttled', retryAfterMs: 30_000 }, 0],
  ['500', { kind: 'status', status: 500 }, { kind: 'unknown' }, 0],
  ['503', { kind: 'status', status: 503 }, { kind: 'unknown' }, 0],
  ['403 of a proxy', { kind: 'status', status: 403 }, { kind: 'unavailable', detail: 'HTTP 403' }, 0],
  ['a page of HTML', { kind: 'html' }, { kind: 'unknown' }, 0],
  ['fatal_error', { kind: 'error', error: 'fatal_error' }, { kind: 'unknown', detail: 'fatal_error' }, 0],
  ['an error nobody has seen', { kind: 'error', error: 'moon_phase' }, { kind: 'unknown', detail: 'moon_phase' }, 0],
  ['service_unavailable', { kind: 'error', error: 'service_unavailable' }, { kind: 'unavailable' }, 0],
  ['channel_not_found', { kind: 'error', error: 'channel_not_found' }, { kind: 'refused', reason: 'channel-gone' }, 0],
  ['not_in_channel', { kind: 'error', error: 'not_in_channel' }, { kind: 'refused', reason: 'not-a-member' }, 0],
  ['restricted_action', { kind: 'error', error: 'restricted_action' }, { kind: 'refused', reason: 'not-allowed' }, 0],
  ['token_revoked', { kind: 'error', error: 'token_revoked' }, { kind: 'refused', reason: 'workspace-gone' }, 0],
  ['invalid_auth', { kind: 'error', error: 'invalid_auth' }, { kind: 'refused', reason: 'workspace-gone' }, 0],
  ['invalid_blocks', { kind: 'error', error: 'invalid_blocks' }, { kind: 'malformed', detail: 'invalid_blocks' }, 0],
  ['a reset before the work', { kind: 'broken', how: 'reset' }, { kind: 'unknown', detail: 'ECONNRESET' }, 0],
  ['a reset after the work', { kind: 'broken', how: 'reset-after' }, { kind: 'unknown', detail: 'ECONNRESET' }, 1],
  ['a body cut short', { kind: 'broken', how: 'cut-body-after' }, { kind: 'unknown', detail: 'UND_ERR_SOCKET' }, 1],
  ['a body that stalls', { kind: 'broken', how: 'stalled-body-after' }, { kind: 'unknown', detail: 'TimeoutError' }, 1],
  [
    'an answer that never comes',
    { kind: 'broken', how: 'no-answer-after' },
    { kind: 'unknown', detail: 'TimeoutError' },
    1,
  ],
];

describe('a post that meets trouble', () => {
  test('has the outcome that trouble means, after one request on the wire, within 15 s', async () => {
    const seen = await Promise.all(
      TABLE.map(async ([name, fault]) => {
        const { server, adapter } = await open();
        server.fail('chat.postMessage', fault);
        const since = performance.now();
        const outcome = await adapter.post(NEWS, MESSAGE, newKey());
        const inTime = performance.now() - since < 15_000;
        const stored = server.messages(CHANNELS.news).length;
        return { name, outcome, inTime, requests: server.requests('chat.postMessage').length, stored };
      }),
    );
    expect(seen).toEqual(
      TABLE.map(([name, , outcome, stored]) => ({
        name,
        outcome: expect.objectContaining(outcome),
        inTime: true,
        requests: 1,
        stored,
      })),
    );
  });

  test('does not hold up the next: while one channel is throttled, another is posted to', async () => {
    const { server, adapter } = await open();
    server.fail('chat.postMessage', { kind: 'throttled', retryAfterS: 30 });
    expect(await adapter.post(NEWS, MESSAGE, newKey())).toMatchObject({ kind: 'throttled' });
    const since = performance.now();
    expect(await adapter.post(slackChannel(CHANNELS.notJoined), MESSAGE, newKey())).toMatchObject({ kind: 'posted' });
    expect(performance.now() - since).toBeLessThan(2_000);
  });

  test('a pace that Slack does not allow is told in milliseconds', async () => {
    const { adapter } = await open({ burst: 3 });
    const outcomes = [];
    for (let n = 0; n < 4; n += 1) outcomes.push(await adapter.post(NEWS, MESSAGE, newKey()));
    expect(outcomes.map(({ kind }) => kind)).toEqual(['posted', 'posted', 'posted', 'throttled']);
    expect(outcomes[3]).toEqual({ kind: 'throttled', retryAfterMs: 1_000 });
  });
});

describe('which workspace the token is for', () => {
  test('a channel of another workspace is refused, and nothing is posted', async () => {
    const { server, adapter } = await open();
    const outcome = await adapter.post(slackChannel(CHANNELS.news, 'T9999999999'), MESSAGE, newKey());
    expect(outcome).toEqual({ kind: 'refused', reason: 'workspace-gone' });
    expect(server.requests('chat.postMessage')).toEqual([]);
  });

  test('is asked once, and again only if the answer failed, which is surely no post', async () => {
    const { server, adapter } = await open();
    server.fail('auth.test', { kind: 'status', status: 500 });
    expect(await adapter.post(NEWS, MESSAGE, newKey())).toMatchObject({ kind: 'unavailable' });
    await Promise.all([1, 2, 3].map(() => adapter.post(NEWS, MESSAGE, newKey())));
    expect(server.requests('auth.test')).toHaveLength(2);
    expect(server.messages(CHANNELS.news)).toHaveLength(3);
  });

  test('a token that Slack does not know is a workspace gone', async () => {
    const { server } = await open();
    const { adapter } = openSlackAdapter(server.apiUrl, { commands: 'off', botToken: 'xoxb-wrong' });
    expect(await adapter.post(NEWS, MESSAGE, newKey())).toEqual({ kind: 'refused', reason: 'workspace-gone' });
  });

  test('an archived channel is gone; a public one we have not joined is posted to', async () => {
    const { adapter } = await open();
    expect(await adapter.post(slackChannel(CHANNELS.archived), MESSAGE, newKey())).toMatchObject({
      reason: 'channel-gone',
    });
    expect(await adapter.post(slackChannel(CHANNELS.secret), MESSAGE, newKey())).toMatchObject({
      reason: 'channel-gone',
    });
    expect(await adapter.post(slackChannel(CHANNELS.notJoined), MESSAGE, newKey())).toMatchObject({ kind: 'posted' });
  });
});

describe('looking for a message of unknown fate', () => {
  test('finds it on a later page', async () => {
    const { server, adapter } = await open();
    const key = newKey();
    await adapter.post(NEWS, MESSAGE, key);
    await Promise.all(Array.from({ length: 230 }, () => adapter.post(NEWS, { ...MESSAGE, format: 'plain' }, newKey())));
    expect(await adapter.find(NEWS, MESSAGE, key)).toEqual({
      kind: 'found',
      messageId: server.messages(CHANNELS.news)[0]?.ts,
    });
    expect(server.requests('conversations.history')).toHaveLength(2);
  });

  test('does not look further back than the first attempt, give or take our clock', async () => {
    const { adapter } = await open();
    const key = newKey();
    await adapter.post(NEWS, MESSAGE, key);
    const soon = new Date(Date.now() + 30_000);
    const late = new Date(Date.now() + 120_000);
    expect(await adapter.find(NEWS, MESSAGE, { ...key, firstTriedAt: soon })).toMatchObject({ kind: 'found' });
    expect(await adapter.find(NEWS, MESSAGE, { ...key, firstTriedAt: late })).toEqual({ kind: 'absent' });
  });

  test.each<[string, SlackFault]>([
    ['a missing scope', { kind: 'error', error: 'missing_scope' }],
    ['a broken connection', { kind: 'broken', how: 'reset' }],
    ['HTML', { kind: 'html' }],
  ])('cannot tell with %s', async (_, fault) => {
    const { server, adapter } = await open();
    server.fail('conversations.history', fault);
    expect(await adapter.find(NEWS, MESSAGE, newKey())).toMatchObject({ kind: 'cannot-tell' });
  });

  test('being throttled looks at no history before it may, of any channel', async () => {
    const { server, adapter } = await open();
    server.fail('conversations.history', { kind: 'throttled', retryAfterS: 60 });
    expect(await adapter.find(NEWS, MESSAGE, newKey())).toEqual({ kind: 'throttled', retryAfterMs: 60_000 });
    const asked = server.requests.length;
    expect(await adapter.find(NEWS, MESSAGE, newKey())).toMatchObject({ kind: 'throttled' });
    expect(server.requests).toHaveLength(asked);
  });

  test('cannot tell in a channel we may write to and not read, or when it breaks on the second page', async () => {
    const { server, adapter } = await open();
    const notJoined = slackChannel(CHANNELS.notJoined);
    expect(await adapter.find(notJoined, MESSAGE, newKey())).toEqual({
      ...{ kind: 'cannot-tell', detail: 'not-a-member', lasting: true },
    });
    await Promise.all(Array.from({ length: 201 }, () => adapter.post(NEWS, { ...MESSAGE, format: 'plain' }, newKey())));
    server.fail('conversations.history', null);
    server.fail('conversations.history', { kind: 'status', status: 500 });
    expect(await adapter.find(NEWS, MESSAGE, newKey())).toEqual({ kind: 'cannot-tell', detail: 'HTTP 500' });
  });
});

describe('correcting a message', () => {
  test('in the plain format takes the card away and keeps the delivery findable', async () => {
    const { server, adapter } = await open();
    const key = newKey();
    const posted = await adapter.post(NEWS, MESSAGE, key);
    const messageId = posted.kind === 'posted' ? posted.messageId : '';
    expect(await adapter.edit(NEWS, messageId, { ...MESSAGE, format: 'plain' })).toEqual({ kind: 'posted', messageId });
    expect(server.messages(CHANNELS.news)).toMatchObject([{ blocks: [], edited: true }]);
    expect(await adapter.find(NEWS, MESSAGE, key)).toEqual({ kind: 'found', messageId });
  });

  test('one that was deleted does not blame the channel', async () => {
    const { adapter } = await open();
    expect(await adapter.edit(NEWS, '1.000001', MESSAGE)).toEqual({ kind: 'closed', reason: 'message_not_found' });
  });
});
