import type { FeedId, HubSubscriptionId } from '../../ids.js';
import type { OfferedHubs } from './offered-hubs.js';

export type HubMode = 'subscribe' | 'unsubscribe';

/** What one feed has with one hub. */
export interface HubSubscription {
  readonly id: HubSubscriptionId;
  /** Null: given up, because the feed was removed or names another hub. */
  readonly feedId: FeedId | null;
  readonly hub: URL;
  readonly topic: URL;
  /** What relative addresses in a pushed body are relative to. */
  readonly baseUrl: URL;
  /** The unguessable part of the callback's address. */
  readonly token: string;
  /** Key of the signatures. */
  readonly secret: string;
  /** `over`: unsubscribed, remembered only to tell a hub that goes on pushing. */
  readonly state: 'asking' | 'active' | 'denied' | 'over';
  /** What the hub was asked for and has not verified yet. */
  readonly asked: HubMode | null;
}

/** A request to be sent to a hub now. */
export interface HubRequest extends HubSubscription {
  readonly asked: HubMode;
  readonly askedAt: Date;
  readonly attempts: number;
}

export interface NewHubSubscription {
  readonly offered: OfferedHubs;
  readonly baseUrl: URL;
  readonly token: string;
  readonly secret: string;
}

/** What follows from a hub's reply to a request. */
export interface AfterAsking {
  /** When to ask again, unless the hub verifies before; for a subscription that is over, when to forget it. */
  readonly dueAt: Date;
  /** It needs no further goodbye. */
  readonly over: boolean;
  /** In words for a person; null: the hub will verify. */
  readonly trouble: string | null;
}

/** One call is one atomic change. */
export interface HubStore {
  /**
   * The feed offers these hubs. A subscription to any of them for this topic is kept; any other is given up, its trust
   * included, and `fresh` takes its place, due at once.
   */
  readonly want: (feedId: FeedId, fresh: NewHubSubscription, now: Date) => Promise<void>;
  /** The feed names no hub any more. */
  readonly giveUp: (feedId: FeedId, now: Date) => Promise<void>;
  /** A poll found what should have been pushed: the feed is polled as if it had no hub. */
  readonly distrust: (feedId: FeedId, until: Date) => Promise<void>;
  /** Takes requests that are due, renewals and goodbyes included; whoever dies with one leaves it due at `leaseUntil`. */
  readonly claimDue: (now: Date, leaseUntil: Date, limit: number, publicUrl: URL) => Promise<HubRequest[]>;
  /** We are reached under this address: what hubs were told another is asked for again, and trusted no more until then. */
  readonly settleAddress: (publicUrl: URL, now: Date) => Promise<void>;
  /** Does nothing when the hub has verified meanwhile. */
  readonly settle: (request: HubRequest, next: AfterAsking) => Promise<void>;
  readonly byToken: (token: string) => Promise<HubSubscription | null>;
  /** The hub has verified: a feed that is trusted stays so until the new lease ends. */
  readonly activate: (id: HubSubscriptionId, lease: { leaseUntil: Date; renewAt: Date }) => Promise<void>;
  /** The hub has verified that it stops. Forgotten at `forgetAt`. */
  readonly end: (id: HubSubscriptionId, forgetAt: Date) => Promise<void>;
  readonly deny: (id: HubSubscriptionId, dueAt: Date, trouble: string) => Promise<void>;
  /** A body with a good signature was stored: the feed is trusted while the lease lasts, unless it is distrusted. */
  readonly pushed: (id: HubSubscriptionId, now: Date) => Promise<void>;
  /** A body was thrown away. */
  readonly dropped: (id: HubSubscriptionId) => Promise<void>;
}
