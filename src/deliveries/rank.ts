import type { MessageLine } from '../chat/message.js';
import type { Post } from '../posts/post.js';
import type { Target } from '../subscriptions/subscription.js';
import { matchesQuery } from '../topics/match.js';
import type { Topic } from '../topics/topic.js';

/** A post that a digest is to name, and what ranks it. */
export interface Ranked {
  readonly post: Pick<Post, 'title' | 'text' | 'tags' | 'url' | 'publishedAt' | 'firstSeenAt'>;
  readonly source: string;
  /** How many feeds carry it. */
  readonly feeds: number;
  readonly wantedBy: readonly Target[];
}

const OTHER = 'Other';

interface Placed<One> {
  readonly one: One;
  readonly heading: string;
  readonly matched: number;
}

/**
 * By topic, best first: a post is better the more feeds carry it, then the more topics it is on, then the newer it is.
 * A post on several topics stands under the first that the channel follows, else the first of the catalogue. Topics come
 * in the order of their best posts, what is on none last. A heading is said where it begins, and none where there is one.
 */
export function ranked<One extends Ranked>(posts: readonly One[], topics: readonly Topic[]): (One & MessageLine)[] {
  const placed = posts.map((one) => placedUnder(one, topics)).sort(better);
  const headings = [...new Set(placed.map(({ heading }) => heading))].sort(
    (a, b) => Number(a === OTHER) - Number(b === OTHER),
  );
  return headings.flatMap((heading) =>
    placed
      .filter((each) => each.heading === heading)
      .map(({ one }) => ({
        ...one,
        title: one.post.title,
        url: one.post.url,
        ...(headings.length > 1 && { heading }),
      })),
  );
}

function placedUnder<One extends Ranked>(one: One, topics: readonly Topic[]): Placed<One> {
  const on = topics.filter(({ query }) => matchesQuery(one.post, query));
  const followed = on.find(({ id }) => one.wantedBy.some((target) => target.kind === 'topic' && target.topicId === id));
  return { one, heading: (followed ?? on[0])?.name ?? OTHER, matched: on.length };
}

function better(a: Placed<Ranked>, b: Placed<Ranked>): number {
  return b.one.feeds - a.one.feeds || b.matched - a.matched || outAt(b.one) - outAt(a.one);
}

function outAt({ post }: Ranked): number {
  return Math.min((post.publishedAt ?? post.firstSeenAt).getTime(), post.firstSeenAt.getTime());
}
