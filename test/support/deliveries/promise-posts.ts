import { randomBytes } from 'node:crypto';
import type { ChannelRef } from '../../../src/chat/channel.js';
import { later } from '../../../src/clock.js';
import type { Stores } from '../../../src/store/stores.js';
import { document, entry, goodPoll, primedFeed } from '../entries.js';

/** Ends the titles that were corrected. */
export const CORRECTED = 'and what became of it';

/** Their publisher corrects the titles of those posts. */
export type Correct = (now: Date) => Promise<void>;

/** Stores so many new posts of a feed of their own, and promises each to all these channels. */
export async function promisePosts(
  stores: Pick<Stores, 'feeds' | 'deliveries'>,
  now: Date,
  { posts, to }: { readonly posts: number; readonly to: readonly ChannelRef[] },
): Promise<Correct> {
  const name = randomBytes(4).toString('hex');
  const feed = await primedFeed(stores.feeds, `https://${name}.example/`, [], now);
  const entries = Array.from({ length: posts }, (_, index) =>
    entry(`Post ${String(index)} of feed ${name}`, { publishedAt: later(now, index - 100_000) }),
  );
  const { sightings } = await stores.feeds.saveDocument(feed, document(entries), () => goodPoll(now), now);
  const planned = to.map((channel) => ({ channel, wantedBy: [{ kind: 'everything' as const }] }));
  for (const id of sightings) await stores.deliveries.savePlan([{ id, channels: planned, filtered: [] }], now);
  return async (at) => {
    const corrected = entries.map((one) => ({ ...one, title: `${one.title}, ${CORRECTED}` }));
    await stores.feeds.saveDocument(feed, document(corrected), () => goodPoll(at), at);
  };
}
