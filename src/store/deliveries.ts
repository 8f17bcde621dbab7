import type { Pool } from 'pg';
import type { DeliveryStore } from '../deliveries/delivery-store.js';
import { createDeliveryClaims } from './claim-deliveries.js';
import { createDigestQueries } from './digests.js';
import { createHeldQueries } from './held.js';
import { createMatchQueries } from './match.js';
import { createDeliveryRecords } from './record-deliveries.js';

export function createDeliveryStore(pool: Pool): DeliveryStore {
  return {
    ...createMatchQueries(pool),
    ...createDigestQueries(pool),
    ...createHeldQueries(pool),
    ...createDeliveryClaims(pool),
    ...createDeliveryRecords(pool),
  };
}
