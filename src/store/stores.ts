import type { Pool } from 'pg';
import type { DeliveryStore } from '../deliveries/delivery-store.js';
import type { EditStore } from '../deliveries/edit-store.js';
import type { SampleStore } from '../deliveries/sample.js';
import type { StatusStore } from '../deliveries/status.js';
import type { WhyStore } from '../deliveries/why.js';
import type { HubStore } from '../feeds/websub/hub-store.js';
import type { PageStore } from '../feeds/page-pictures.js';
import type { PostStore } from '../search/search-posts.js';
import type { SubscriptionStore } from '../subscriptions/subscription-store.js';
import { createChannelStore, type ChannelStore } from './channels.js';
import { createDeliveryStore } from './deliveries.js';
import { createEditStore } from './edits.js';
import { createFeedStore, type IsExempt, type StoredFeeds } from './feeds.js';
import { createHubStore } from './hubs.js';
import { createPageStore } from './pages.js';
import { createPostStore } from './posts.js';
import { createStatusStore } from './reports.js';
import { createSampleStore } from './samples.js';
import { createSubscriptionStore } from './subscriptions.js';
import { createWhyStore } from './why.js';

/** Every port of the product, over one pool. */
export interface Stores {
  readonly channels: ChannelStore;
  readonly deliveries: DeliveryStore;
  readonly edits: EditStore;
  readonly feeds: StoredFeeds;
  readonly hubs: HubStore;
  readonly pages: PageStore;
  readonly posts: PostStore;
  readonly samples: SampleStore;
  readonly statusOf: StatusStore;
  readonly subscriptions: SubscriptionStore;
  readonly whyOf: WhyStore;
}

/** `isExempt`: hosts of the operator's own, polled without courtesy. */
export function createStores(pool: Pool, isExempt: IsExempt = () => false): Stores {
  return {
    channels: createChannelStore(pool),
    deliveries: createDeliveryStore(pool),
    edits: createEditStore(pool),
    feeds: createFeedStore(pool, isExempt),
    hubs: createHubStore(pool),
    pages: createPageStore(pool),
    posts: createPostStore(pool),
    samples: createSampleStore(pool),
    statusOf: createStatusStore(pool),
    subscriptions: createSubscriptionStore(pool),
    whyOf: createWhyStore(pool),
  };
}
