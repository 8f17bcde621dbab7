import type { DeliveryId } from '../ids.js';
import type { ChatAdapter } from '../chat/chat-adapter.js';
import { channelName, type Platform } from '../chat/channel.js';
import type { PostOutcome } from '../chat/post-outcome.js';
import { later, type Clock } from '../clock.js';
import type { LogFields, Logger } from '../log.js';
import type { Topic } from '../topics/topic.js';
import { quietUntil } from '../subscriptions/next-slot.js';
import { afterAttempt, afterFind, waitForSlot, type Verdict } from './delivery.js';
import type { ClaimedDelivery, DeliveryStore } from './delivery-store.js';
import { messageFor } from './message-for.js';
import { nextSlot } from './pace.js';

/** Twice what an adapter may take for one request, so that a slow answer is never mistaken for a dead process. */
const LEASE_MS = 30_000;

export interface DeliverDeps {
  readonly deliveries: Pick<DeliveryStore, 'claim' | 'record' | 'due' | 'fold' | 'hold'>;
  /** The platforms this process speaks; deliveries to others wait for a process that does. */
  readonly adapters: ReadonlyMap<Platform, ChatAdapter>;
  readonly topics: readonly Topic[];
  readonly clock: Clock;
  readonly log: Logger;
}

/** Post, or settle, one delivery if it is ours to do. Safe to call any number of times. Returns what became due. */
export async function deliver(deps: DeliverDeps, id: DeliveryId): Promise<DeliveryId[]> {
  const now = deps.clock();
  const claimed = await deps.deliveries.claim(id, [...deps.adapters.keys()], now, later(now, LEASE_MS));
  if (!claimed) return [];
  const quietEnds = claimed.checks === null ? quietUntil(claimed.quiet, now) : null;
  if (quietEnds !== null) {
    // What is no untried post keeps its place, and its channel waits with it.
    if (await deps.deliveries.hold(claimed, quietEnds)) return [];
    await deps.deliveries.record(claimed, waitForSlot(claimed.delivery, quietEnds, now), now);
    return [];
  }
  if (isLastOfItsHour(claimed, now)) {
    const digest = await deps.deliveries.fold(claimed, now);
    if (digest) return [digest];
  }
  const verdict = await attempt(deps, claimed);
  const next = await deps.deliveries.record(claimed, verdict, deps.clock());
  return next ? [next] : [];
}

/** The last message that the channel takes this hour may hold all that waits, so that nothing waits for hours. */
function isLastOfItsHour({ checks, delivery, post, pace, sentAt }: ClaimedDelivery, now: Date): boolean {
  if (checks !== null || delivery.attempts > 1 || post.isNotice || pace.perHour === null) return false;
  return sentAt.length >= pace.perHour - 1 && nextSlot(sentAt, pace, now) <= now;
}

async function attempt(deps: DeliverDeps, claimed: ClaimedDelivery): Promise<Verdict> {
  const { delivery, checks, pace, sentAt } = claimed;
  const { channel } = delivery;
  const adapter = deps.adapters.get(channel.platform);
  if (!adapter) throw new Error(`no adapter for ${channel.platform}`);
  const message = messageFor(claimed, deps.topics);
  const key = { id: delivery.id, firstTriedAt: claimed.firstTriedAt };

  if (checks !== null) {
    const found = await adapter.find(channel, message, key);
    deps.log.info('delivery.checked', { delivery: delivery.id, channel: channelName(channel), found: found.kind });
    return afterFind({ ...delivery, checks }, found, deps.clock());
  }
  const slot = nextSlot(sentAt, pace, deps.clock());
  if (slot > deps.clock()) return waitForSlot(delivery, slot, deps.clock());

  const outcome = await adapter.post(channel, message, key);
  deps.log.info('delivery.attempted', {
    delivery: delivery.id,
    channel: channelName(channel),
    ...outcomeFields(outcome),
  });
  return afterAttempt(delivery, outcome, deps.clock());
}

function outcomeFields(outcome: PostOutcome): LogFields {
  switch (outcome.kind) {
    case 'posted':
      return { outcome: 'posted' };
    case 'throttled':
      return { outcome: 'throttled', retryAfterMs: outcome.retryAfterMs };
    case 'refused':
      return { outcome: 'refused', reason: outcome.reason };
    case 'malformed':
    case 'unavailable':
    case 'unknown':
      return { outcome: outcome.kind, detail: outcome.detail };
  }
}
