import type { ChannelRef, Platform } from '../../src/chat/channel.js';
import type { PlatformPace } from '../../src/chat/chat-adapter.js';
import { later } from '../../src/clock.js';
import type { Claims, ClaimedDelivery, ClaimRequest, DeliveryStore } from '../../src/deliveries/delivery-store.js';
import type { Planned } from '../../src/deliveries/plan.js';
import type { DeliveryId } from '../../src/ids.js';
import type { Stores } from '../../src/store/stores.js';
import { document, entry, goodPoll, primedFeed } from './entries.js';

export const NO_PACE: PlatformPace = { perChannel: null, perBot: null };

/** Claims what is due, as a process with a hundred free hands would. */
export function claimAll(
  deliveries: Pick<DeliveryStore, 'claimDue'>,
  now: Date,
  over: Partial<ClaimRequest> = {},
): Promise<Claims> {
  const platform: Platform = 'console';
  const hands = { limit: 100, share: 50, shares: new Map<string, number>() };
  return deliveries.claimDue({ platform, pace: NO_PACE, now, leaseUntil: later(now, 30_000), ...hands, ...over });
}

/** One that is due; null if none is. */
export async function claimNext(
  deliveries: Pick<DeliveryStore, 'claimDue'>,
  now: Date,
): Promise<ClaimedDelivery | null> {
  for (;;) {
    const { claimed, nextAt } = await claimAll(deliveries, now, { limit: 1 });
    if (claimed.length > 0 || nextAt === null || nextAt > now) return claimed[0] ?? null;
  }
}

export const wanted = (channel: ChannelRef): Planned => ({ channel, wantedBy: [{ kind: 'everything' }] });

let feeds = 0;

/** Promises `count` new posts to the channels; the ids in the order of the promises. */
export async function promisePosts(
  stores: Pick<Stores, 'feeds' | 'deliveries'>,
  count: number,
  to: readonly ChannelRef[],
  now: Date,
): Promise<DeliveryId[]> {
  feeds += 1;
  const feed = await primedFeed(stores.feeds, `https://promised${String(feeds)}.example/`, [], now);
  const entries = Array.from({ length: count }, (_, index) =>
    entry(`Post ${String(index)} of feed ${String(feeds)}`, { publishedAt: later(now, index * 1_000) }),
  );
  const { sightings } = await stores.feeds.saveDocument(feed, document(entries), () => goodPoll(now), now);
  const promised: DeliveryId[] = [];
  for (const id of sightings) {
    promised.push(...(await stores.deliveries.savePlan([{ id, channels: to.map(wanted), filtered: [] }], now)));
  }
  return promised;
}
