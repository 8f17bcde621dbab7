import type { ChatAdapter } from '../chat/chat-adapter.js';
import type { Platform } from '../chat/channel.js';
import type { DeliveryStore } from './delivery-store.js';
import { createSender, type SenderDeps } from './sender.js';

export interface DeliverDeps extends SenderDeps {
  /** The platforms this process speaks; deliveries to others wait for a process that does. */
  readonly adapters: ReadonlyMap<Platform, ChatAdapter>;
  readonly deliveries: SenderDeps['deliveries'] & Pick<DeliveryStore, 'due'>;
}

/** A sender for each platform: none waits for another. */
export interface Senders {
  readonly isAnyDue: () => Promise<boolean>;
  /** Resolves once those that it woke have nothing more to do; the others look again at once. */
  readonly wake: () => Promise<void>;
  readonly stop: () => Promise<void>;
}

export function createSenders(deps: DeliverDeps): Senders {
  const senders = [...deps.adapters.values()].map((adapter) => createSender(deps, adapter));
  return {
    isAnyDue: async () => (await deps.deliveries.due(deps.clock(), [...deps.adapters.keys()], 1)).length > 0,
    wake: async () => {
      await Promise.all(senders.flatMap((sender) => sender.wake() ?? []));
    },
    stop: async () => {
      await Promise.all(senders.map((sender) => sender.stop()));
    },
  };
}
