import type { Platform } from '../../src/chat/channel.js';
import type { PlatformPace } from '../../src/chat/chat-adapter.js';
import { later } from '../../src/clock.js';
import type { Claims, ClaimedDelivery, ClaimRequest, DeliveryStore } from '../../src/deliveries/delivery-store.js';

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
  const { claimed } = await claimAll(deliveries, now, { limit: 1 });
  return claimed[0] ?? null;
}
