import { randomBytes } from 'node:crypto';
import type { ChannelRef } from '../../../src/chat/channel.js';
import { later } from '../../../src/clock.js';
import type { Stores } from '../../../src/store/stores.js';
import { document, entry, goodPoll, primedFeed } from '../entries.js';

/** Stores so many new posts of a feed of their own, and promises each to all these channels. */
export async function promisePosts(
  stores: Pick<Stores, 'feeds' | 'deliveries'>,
  now: Date,
  { posts, to }: { readonly posts: number; readonly to: readonly ChannelRef[] },
): Promise<void> {
  const name = randomBytes(4).toString('hex');
  const feed = await primedFeed(stores.feeds, `https://${name}.example/`, [], now);
  const entries = Array.from({ length: posts }, (_, index) =>
    entry(`Post ${String(index)} of feed ${name}`, { publishedAt: later(now, index - 100_000) }),
  );
  const { sightings } = await stores.feeds.saveDocument(feed, document(entries), () => goodPoll(now), now);
  const planned = to.map((channel) => ({ channel, wantedBy: [{ kind: 'everything' as const }] }));
  for (const id of sightings) await stores.deliveries.savePlan([{ id, channels: planned, filtered: [] }], now);
}
