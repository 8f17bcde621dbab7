import type { ChatAdapter } from '../../../src/chat/chat-adapter.js';
import type { DeliveryId } from '../../../src/ids.js';
import { createStores } from '../../../src/store/stores.js';
import type { WatchedSteps } from './watched-steps.js';

/** What stands between a process that delivers and all else, watched. */
export interface WatchedSender {
  readonly adapter: (adapter: ChatAdapter) => ChatAdapter;
  readonly openStores: typeof createStores;
}

/** What was tried before is posted "again": its second message is another step than its first. */
export function watchSender(steps: WatchedSteps): WatchedSender {
  const triedBefore = new Set<DeliveryId>();
  return {
    adapter: (adapter) => {
      const { platform } = adapter;
      const first = steps.call(`post ${platform}`, adapter.post);
      const again = steps.call(`post again ${platform}`, adapter.post);
      return {
        ...adapter,
        post: (channel, message, key) => (triedBefore.has(key.id) ? again : first)(channel, message, key),
        find: steps.call(`find ${platform}`, adapter.find),
        edit: steps.call(`edit ${platform}`, adapter.edit),
      };
    },
    openStores: (pool, isExempt) => {
      const { deliveries, edits } = createStores(steps.pool(pool, 'sent'), isExempt);
      return {
        ...createStores(pool, isExempt),
        edits: steps.port(edits),
        deliveries: steps.port({
          ...deliveries,
          claimDue: async (request) => {
            const claims = await deliveries.claimDue(request);
            for (const { delivery, unknown } of claims.claimed) {
              if (unknown !== null || delivery.attempts > 1) triedBefore.add(delivery.id);
            }
            return claims;
          },
        }),
      };
    },
  };
}
