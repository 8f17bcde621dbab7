import type { DeliveryId } from '../ids.js';
import type { ChatAdapter } from '../chat/chat-adapter.js';
import type { Platform } from '../chat/channel.js';
import { later, type Clock } from '../clock.js';
import type { Logger } from '../log.js';
import type { Topic } from '../topics/topic.js';
import { afterAttempt, afterFind, type Verdict } from './delivery.js';
import type { ClaimedDelivery, DeliveryStore } from './delivery-store.js';
import { messageFor } from './message-for.js';
import { nextSlot } from './pace.js';

/** Twice what an adapter may take for one request, so that a slow answer is never mistaken for a dead process. */
const LEASE_MS = 30_000;

export interface DeliverDeps {
  readonly deliveries: Pick<DeliveryStore, 'claim' | 'record' | 'due'>;
  /** The platforms this process speaks; deliveries to others wait for a process that does. */
  readonly adapters: ReadonlyMap<Platform, ChatAdapter>;
  readonly topics: readonly Topic[];
  readonly clock: Clock;
  readonly log: Logger;
}

/** Post, or settle, one delivery if it is ours to do. Safe to call any number of times. Returns what became due. */
export async function deliver(deps: DeliverDeps, id: DeliveryId): Promise<DeliveryId[]> {
  const claimed = await deps.deliveries.claim(id, deps.clock(), later(deps.clock(), LEASE_MS));
  if (!claimed) return [];
  const verdict = await attempt(deps, claimed);
  const next = await deps.deliveries.record(claimed.delivery, verdict, deps.clock());
  return next ? [next] : [];
}

async function attempt(deps: DeliverDeps, claimed: ClaimedDelivery): Promise<Verdict> {
  const { delivery, pace, sentAt } = claimed;
  const adapter = deps.adapters.get(delivery.channel.platform);
  if (!adapter) throw new Error(`no adapter for ${delivery.channel.platform}`);
  const message = messageFor(claimed, deps.topics);
  const key = { id: delivery.id, firstTriedAt: delivery.firstTriedAt ?? deps.clock() };

  switch (delivery.state.kind) {
    case 'unknown': {
      const found = await adapter.find(delivery.channel, message, key);
      return settled(delivery, afterFind(delivery.state, found, deps.clock()));
    }
    case 'sending': {
      const slot = nextSlot(sentAt, pace, deps.clock());
      if (slot > deps.clock()) return waitFor(delivery, slot);
      return afterAttempt(delivery, await adapter.post(delivery.channel, message, key), deps.clock());
    }
  }
}
