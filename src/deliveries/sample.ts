import type { FeedId } from '../ids.js';
import type { Post } from '../posts/post.js';
import type { Target } from '../subscriptions/subscription.js';
import type { Topic } from '../topics/topic.js';
import { wants } from './plan.js';
import { weeklyOf, type Arrival, type Weekly } from './weekly.js';

/** A stored post as the feed showed it by which it was, or would be, told. */
export interface RecentPost extends Arrival {
  readonly post: Post;
  readonly feedId: FeedId;
  /** When readers could have it: its date, unless that lay in the future when it came. */
  readonly outAt: Date;
  /** The feed's title. */
  readonly source: string;
  /** False: it stood in a backlog, and nobody was told. */
  readonly announced: boolean;
}

/** Which posts to look at: of all feeds or of one, and whether their texts are needed. */
export interface RecentAsked {
  readonly feedId: FeedId | null;
  readonly withText: boolean;
}

export interface Recent {
  /** The newest that are stored, newest first. Texts are cut to their beginning. */
  readonly posts: readonly RecentPost[];
  /** There are older ones. */
  readonly more: boolean;
  /** When the first and the last of the asked feeds were first read; null: none has been. */
  readonly firstFollowedAt: Date | null;
  readonly lastFollowedAt: Date | null;
}

export interface SampleStore {
  readonly recent: (asked: RecentAsked) => Promise<Recent>;
}

/** What a subscription would have brought: shown to whoever subscribes, and sent to nobody. */
export interface Sample {
  /** At most three, newest first. */
  readonly newest: readonly Pick<RecentPost, 'post' | 'source' | 'outAt'>[];
  readonly weekly: Weekly;
}

const SHOWN = 3;

interface SampleDeps {
  readonly samples: SampleStore;
  readonly topics: readonly Topic[];
}

export async function takeSample({ samples, topics }: SampleDeps, target: Target, now: Date): Promise<Sample> {
  const feedId = target.kind === 'feed' ? target.feedId : null;
  const withText = target.kind === 'topic' || target.kind === 'query';
  const recent = await samples.recent({ feedId, withText });
  const wanted = recent.posts.filter((one) => wants(target, one, topics));
  const arrivals = wanted.filter(({ announced }) => announced);
  const reachesTo = recent.more ? (recent.posts.at(-1)?.outAt ?? null) : null;
  return { newest: wanted.slice(0, SHOWN), weekly: weeklyOf(arrivals, { ...recent, now, reachesTo }) };
}
