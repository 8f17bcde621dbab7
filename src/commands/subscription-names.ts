import type { SubscriptionView } from '../subscriptions/subscription-store.js';
import type { Topic } from '../topics/topic.js';

/** A subscription in words: what kind it is, and what of. */
export function subscriptionName({ target, feedTitle, feedUrl }: SubscriptionView, topics: readonly Topic[]): string {
  switch (target.kind) {
    case 'topic':
      return `Topic: ${topics.find(({ id }) => id === target.topicId)?.name ?? target.topicId}`;
    case 'feed':
      return `Feed: ${feedTitle ?? feedUrl ?? 'no longer followed'}`;
    case 'query':
      return `Words: ${target.text}`;
    case 'everything':
      return 'Everything';
  }
}

/** What may be typed to mean this subscription. */
export function namesOf({ id, target, feedTitle, feedUrl }: SubscriptionView, topics: readonly Topic[]): string[] {
  switch (target.kind) {
    case 'topic':
      return [id, target.topicId, ...topics.filter((topic) => topic.id === target.topicId).map(({ name }) => name)];
    case 'feed':
      return [id, ...[feedTitle, feedUrl].filter((name) => name !== null)];
    case 'query':
      return [id, target.text];
    case 'everything':
      return [id, 'everything', 'all'];
  }
}
