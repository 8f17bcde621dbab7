import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { randomUUID } from 'node:crypto';
import { afterEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { ChannelRef } from '../../src/chat/channel.js';
import type { ChatAdapter, DeliveryKey } from '../../src/chat/chat-adapter.js';
import { MESSAGE_FORMATS, type Message } from '../../src/chat/message.js';
import { planRest } from '../../src/deliveries/digest.js';
import type { PostOutcome } from '../../src/chat/post-outcome.js';
import type { DeliveryId } from '../../src/ids.js';

/**
 * What goes wrong with the next message, as the platform's server does it:
 * - `throttled`: answers 429 and asks for 7 s; nothing is posted.
 * - `down`: no connection can be made; nothing is posted.
 * - `failing`: answers 500; nobody knows whether it was posted.
 * - `answer-lost`: the message is posted, then the connection breaks before the answer.
 */
export type Fault = 'throttled' | 'down' | 'failing' | 'answer-lost';

/** A platform, seen by a person who reads one channel of it. */
export interface AdapterHarness {
  readonly adapter: ChatAdapter;
  readonly channel: ChannelRef;
  /** A channel the bot cannot post to because it is not there; null where every name is a channel. */
  readonly missingChannel: ChannelRef | null;
  /**
   * What a reader sees in the channel, one string per message, oldest first: all text of the message, entities decoded,
   * invisible characters dropped, each link with a label as `label ⇒ url`. What would notify somebody is shown as
   * `PING(whom)`.
   */
  readonly visible: () => Promise<string[]>;
  /** The faults the next request that posts can meet. */
  readonly faults: readonly Fault[];
  readonly failNext: (fault: Fault) => void | Promise<void>;
  /** False for a platform that keeps nothing to look in: `find` then never answers `found`. */
  readonly remembers: boolean;
  /** Frees what the harness opened; the adapter is stopped already. */
  readonly close: () => Promise<void>;
}

export const MESSAGE: Message = {
  format: 'card',
  title: 'A route leak took three networks offline',
  url: new URL('https://blog.example/route-leak?from=feed&part=1'),
  source: 'Example Networks',
  author: 'A. Writer',
  publishedAt: new Date('2026-03-04T05:06:07Z'),
  topics: ['BGP', 'Outages'],
  summary: 'For forty minutes, prefixes of three networks were announced by a fourth.\nFilters were missing.',
  imageUrl: null,
  lines: [],
  alsoIn: [],
  buttons: [],
  continues: null,
  publish: false,
};

export function newKey(firstTriedAt = new Date()): DeliveryKey {
  return { id: randomUUID() as DeliveryId, firstTriedAt };
}

const WHAT_A_FAULT_MEANS: Readonly<Record<Fault, Partial<PostOutcome>>> = {
  throttled: { kind: 'throttled', retryAfterMs: 7_000 },
  down: { kind: 'unavailable' },
  failing: { kind: 'unknown' },
  'answer-lost': { kind: 'unknown' },
};

/** Pieces of markup that each platform reads as more than text. */
const MARKUP = [
  '<!channel> <!here|here> <!everyone> <@U0123ABCD> <#C0123ABCD> <!subteam^S0123|@team>',
  '@everyone @here <@123456789012345678> <@&123456789012345678> <#123456789012345678>',
  '<https://evil.example|https://good.example> [https://good.example](https://evil.example)',
  '*bold* _italic_ ~struck~ `code` ```block``` ||spoiler|| # heading > quote \\* **b** __u__',
  '&lt;!channel&gt; &amp;amp; | > < & " \'',
  ':smile: <:name:123456789012345678> <t:0:R> <!date^0^{date}|x> \u202egnp.exe\u202c',
];

const anyText = fc.oneof(
  fc.string({ maxLength: 300, unit: 'grapheme' }),
  fc.string({ maxLength: 300, unit: 'binary' }),
  fc.constantFrom(...MARKUP),
  fc
    .tuple(
      fc.constantFrom('x', '&', '<', '*', '`', '|', '\n', '@', '😀', 'é', 'a '),
      fc.integer({ min: 1, max: 9_000 }),
    )
    .map(([piece, times]) => piece.repeat(times)),
);
const anyUrl = fc.oneof(
  fc.webUrl({ withQueryParameters: true, withFragments: true }).map((href) => new URL(href)),
  fc
    .constantFrom('a|b', '<>', '%7C', '(x)[y]', '*_~`', 'x'.repeat(5_000))
    .map((tail) => new URL(`https://a.example/${tail}`)),
);
/** Everything the rest of the product may hand to an adapter, and some that it should not. */
export const anyMessage: fc.Arbitrary<Message> = fc.record({
  format: fc.constantFrom(...MESSAGE_FORMATS),
  title: anyText.filter((text) => text.trim() !== ''),
  url: fc.option(anyUrl),
  source: anyText,
  author: fc.option(anyText),
  publishedAt: fc.option(
    fc.date({ min: new Date('1970-01-01T00:00:00Z'), max: new Date('2100-01-01T00:00:00Z'), noInvalidDate: true }),
  ),
  topics: fc.array(anyText, { maxLength: 40 }),
  summary: anyText,
  imageUrl: fc.option(anyUrl),
  lines: fc.oneof(
    fc.constant([]),
    fc
      .array(fc.record({ title: anyText, url: fc.option(anyUrl), source: anyText }), { minLength: 1, maxLength: 60 })
      .map((lines) => [...(planRest(lines, 20)[0]?.lines ?? [])]),
  ),
  alsoIn: fc.array(anyText, { maxLength: 20 }),
  buttons: fc.array(fc.record({ label: anyText, command: anyText }), { maxLength: 5 }),
  continues: fc.constant(null),
  publish: fc.boolean(),
});

/** What every chat adapter promises. Run by each adapter's own test against a server that speaks its platform's protocol. */
export function chatAdapterContract(name: string, open: () => Promise<AdapterHarness>): void {
  describe(`chat adapter: ${name}`, () => {
    const opened: AdapterHarness[] = [];
    const start = async (): Promise<AdapterHarness> => {
      const harness = await open();
      opened.push(harness);
      return harness;
    };
    afterEach(async () => {
      for (const { adapter, close } of opened.splice(0)) {
        await adapter.stop();
        await close();
      }
    });

    test('a posted card can be read in the channel: title, link, source, author, topics and summary', async () => {
      const { adapter, channel, visible } = await start();
      const outcome = await adapter.post(channel, MESSAGE, newKey());
      expect(outcome).toEqual({ kind: 'posted', messageId: expect.stringMatching(/./) });
      const [seen = '', ...others] = await visible();
      expect(others).toEqual([]);
      for (const part of [MESSAGE.title, 'https://blog.example/route-leak?from=feed&part=1', MESSAGE.source]) {
        expect(seen).toContain(part);
      }
      for (const part of ['A. Writer', 'BGP', 'Outages', 'prefixes of three networks', 'Filters were missing.']) {
        expect(seen).toContain(part);
      }
    });

    test.each(['plain', 'bare'] as const)('the %s format still carries title and link', async (format) => {
      const { adapter, channel, visible } = await start();
      await adapter.post(channel, { ...MESSAGE, format }, newKey());
      const [seen = ''] = await visible();
      expect(seen).toContain(MESSAGE.title);
      expect(seen).toContain('https://blog.example/route-leak?from=feed&part=1');
    });

    test('a post without a link, a date, an author, a summary or topics is posted', async () => {
      const { adapter, channel, visible } = await start();
      const bare: Message = { ...MESSAGE, url: null, publishedAt: null, author: null, summary: '', topics: [] };
      expect((await adapter.post(channel, bare, newKey())).kind).toBe('posted');
      expect((await visible()).join()).toContain(MESSAGE.title);
    });

    test.each(MESSAGE_FORMATS)('nothing in a feed pings anyone or forges a link (%s)', async (format) => {
      const { adapter, channel, visible } = await start();
      for (const title of ['<!channel> @everyone <@U1>', ...MARKUP]) {
        const message: Message = {
          ...MESSAGE,
          format,
          title,
          source: title,
          author: title,
          summary: title,
          topics: [title],
        };
        expect((await adapter.post(channel, message, newKey())).kind).toBe('posted');
      }
      const seen = await visible();
      expect(seen).toHaveLength(MARKUP.length + 1);
      expect(seen.join('\n')).not.toContain('PING(');
      expect(seen.join('\n')).not.toContain('⇒ https://evil.example');
      expect(seen[0]).toContain('<!channel> @everyone <@U1>');
    });

    test('whatever a feed writes is accepted, at once, and shows nobody a ping', async () => {
      const { adapter, channel, visible } = await start();
      await fc.assert(
        fc.asyncProperty(anyMessage, async (message) => {
          expect(await adapter.post(channel, message, newKey())).toMatchObject({ kind: 'posted' });
        }),
        { numRuns: 40 },
      );
      expect((await visible()).join('\n')).not.toContain('PING(');
    });

    test('a card says where else the article stands, and carries its menu without showing commands', async () => {
      const { adapter, channel, visible } = await start();
      const buttons = [{ label: 'Why here?', command: 'why https://blog.example/route-leak' }];
      const message = { ...MESSAGE, alsoIn: ['Other Networks', 'A Third'], buttons };
      expect((await adapter.post(channel, message, newKey())).kind).toBe('posted');
      const [seen = ''] = await visible();
      expect(seen).toMatch(/Other Networks(?:, |\n)A Third/);
      expect(seen).not.toContain('why https://');
    });

    test('a message that goes on from another is a message of its own, and is found', async () => {
      const { adapter, channel, visible, remembers } = await start();
      const root = await adapter.post(channel, MESSAGE, newKey());
      const continues = root.kind === 'posted' ? root.messageId : 'not posted';
      const key = newKey();
      const next: Message = { ...MESSAGE, title: 'The second part', continues };
      const posted = await adapter.post(channel, next, key);
      expect(posted).toMatchObject({ kind: 'posted' });
      expect((await visible()).at(-1)).toContain('The second part');
      expect((await adapter.find(channel, next, key)).kind).toBe(remembers ? 'found' : 'absent');
    });

    test('an edit changes the message and adds none', async () => {
      const { adapter, channel, visible, remembers } = await start();
      const posted = await adapter.post(channel, MESSAGE, newKey());
      const messageId = posted.kind === 'posted' ? posted.messageId : 'not posted';
      const edited = await adapter.edit(channel, messageId, { ...MESSAGE, title: 'Corrected title' });
      expect(edited).toEqual({ kind: 'posted', messageId });
      const seen = await visible();
      expect(seen).toHaveLength(remembers ? 1 : 2);
      expect(seen.at(-1)).toContain('Corrected title');
    });

    test('two deliveries are two messages, even if they say the same', async () => {
      const { adapter, channel, visible } = await start();
      await adapter.post(channel, MESSAGE, newKey());
      await adapter.post(channel, MESSAGE, newKey());
      expect(await visible()).toHaveLength(2);
    });

    test('find tells a delivery that was posted from one that was not', async () => {
      const { adapter, channel, remembers } = await start();
      const key = newKey();
      const posted = await adapter.post(channel, MESSAGE, key);
      await adapter.post(channel, MESSAGE, newKey());
      const found = await adapter.find(channel, MESSAGE, key);
      expect(found).toEqual(
        remembers && posted.kind === 'posted' ? { kind: 'found', messageId: posted.messageId } : { kind: 'absent' },
      );
      expect(['absent', 'repeatable']).toContain((await adapter.find(channel, MESSAGE, newKey())).kind);
    });

    test('a channel that is not there refuses, and is not called malformed or unknown', async () => {
      const { adapter, missingChannel } = await start();
      const outcome = missingChannel && (await adapter.post(missingChannel, MESSAGE, newKey()));
      expect(outcome ?? { kind: 'refused' }).toMatchObject({ kind: 'refused' });
    });

    test('each fault has its outcome, and the next post goes through', async () => {
      const { adapter, channel, faults, failNext } = await start();
      // A first post, so that what an adapter learns once is not what the fault hits.
      await adapter.post(channel, MESSAGE, newKey());
      for (const fault of faults) {
        await failNext(fault);
        expect({ fault, ...(await adapter.post(channel, MESSAGE, newKey())) }).toMatchObject(WHAT_A_FAULT_MEANS[fault]);
        expect({ after: fault, ...(await adapter.post(channel, MESSAGE, newKey())) }).toMatchObject({ kind: 'posted' });
      }
    });

    test('a message whose answer was lost is posted once and found again', async () => {
      const { adapter, channel, faults, failNext, visible } = await start();
      const supported = faults.includes('answer-lost');
      if (supported) await failNext('answer-lost');
      const key = newKey();
      const outcome = await adapter.post(channel, MESSAGE, key);
      expect(outcome.kind).toBe(supported ? 'unknown' : 'posted');
      expect(await visible()).toHaveLength(1);
      expect((await adapter.find(channel, MESSAGE, key)).kind).toBe(supported ? 'found' : 'absent');
    });

    test('before start, its callbacks answer 503', async () => {
      const { adapter } = await start();
      for (const route of adapter.routes) {
        const server = createServer(route.handle);
        await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
        const { port } = server.address() as AddressInfo;
        const response = await fetch(`http://127.0.0.1:${String(port)}${route.path}`, { method: route.method });
        await response.text();
        expect(response.status).toBe(503);
        await new Promise((resolve) => server.close(resolve));
      }
      expect(adapter.routes.every(({ path }) => path.startsWith('/'))).toBe(true);
    });

    test('stop may be called twice, started or not', async () => {
      const { adapter, channel } = await start();
      await adapter.post(channel, MESSAGE, newKey());
      await adapter.start([], () => Promise.reject(new Error('no command is given here')));
      await adapter.stop();
      await expect(adapter.stop()).resolves.toBeUndefined();
    });
  });
}
