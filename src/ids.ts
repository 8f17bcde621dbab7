declare const brand: unique symbol;
type Id<Name extends string> = string & { readonly [brand]: Name };

/** UUIDs, except `TopicId`, which is the topic's short name ("routing-security"). */
export type FeedId = Id<'FeedId'>;
export type PostId = Id<'PostId'>;
export type SightingId = Id<'SightingId'>;
export type TopicId = Id<'TopicId'>;
export type SubscriptionId = Id<'SubscriptionId'>;
export type DeliveryId = Id<'DeliveryId'>;
export type HubSubscriptionId = Id<'HubSubscriptionId'>;
