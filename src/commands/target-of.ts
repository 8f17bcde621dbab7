import { followedAt, readFeedAddress } from '../feeds/feed-address.js';
import type { FeedStore } from '../feeds/feed-store.js';
import type { Feed } from '../feeds/feed.js';
import { UserError } from '../errors.js';
import { closestWord } from '../chat/closest-word.js';
import type { Target } from '../subscriptions/subscription.js';
import { parseQuery, tidyQuery } from '../topics/parse-query.js';
import type { Topic } from '../topics/topic.js';
import { wordsOf } from '../topics/words.js';

/** What a person asked to be told of, or a topic that they may have meant instead. */
export type Asked =
  | {
      readonly kind: 'target';
      readonly target: Target;
      /** As a sentence names it: `the topic "BGP"`. */
      readonly name: string;
      /** What may be typed to mean exactly this. */
      readonly typed: string;
    }
  | { readonly kind: 'near-topic'; readonly topic: Topic };

const EVERYTHING = ['everything', 'all'];

/**
 * Reads what a channel wants: a topic, else a followed feed's address, else "everything", else a query. What stands in
 * quotes is always a query, so that the words of a topic's name can be asked for too.
 *
 * @throws UserError `unknown-feed` for an address nobody follows, and what `parseQuery` throws.
 */
export async function targetOf(
  deps: { readonly feeds: Pick<FeedStore, 'byUrl'>; readonly topics: readonly Topic[] },
  typed: string,
): Promise<Asked> {
  const what = tidyQuery(typed);
  const topic = what.startsWith('"') ? null : topicNamed(what, deps.topics);
  if (topic) return topicTarget(topic);
  const feed = await feedAt(deps.feeds, what);
  if (feed) return feedTarget(feed);
  if (EVERYTHING.includes(what.toLowerCase())) return EVERYTHING_TARGET;
  const near = what.startsWith('"') ? null : nearTopic(what, deps.topics);
  return near ? { kind: 'near-topic', topic: near } : queryTarget(what);
}

const EVERYTHING_TARGET: Asked = {
  kind: 'target',
  target: { kind: 'everything' },
  name: 'everything',
  typed: 'everything',
};

function topicTarget({ id, name }: Topic): Asked {
  return { kind: 'target', target: { kind: 'topic', topicId: id }, name: `the topic "${name}"`, typed: id };
}

function feedTarget({ id, title, url }: Feed): Asked {
  return {
    kind: 'target',
    target: { kind: 'feed', feedId: id },
    name: `the feed ${title ?? url.href}`,
    typed: url.href,
  };
}

function queryTarget(text: string): Asked {
  parseQuery(text);
  return { kind: 'target', target: { kind: 'query', text }, name: `posts that say ${text}`, typed: text };
}

/** By id or name; spaces, hyphens and case aside. */
export function topicNamed(what: string, topics: readonly Topic[]): Topic | null {
  const key = keyOf(what);
  return topics.find(({ id, name }) => key === keyOf(id) || key === keyOf(name)) ?? null;
}

function nearTopic(what: string, topics: readonly Topic[]): Topic | null {
  const keys = new Map(topics.flatMap((topic) => [topic.id, topic.name].map((name) => [keyOf(name), topic] as const)));
  const near = closestWord(keyOf(what), [...keys.keys()]);
  return near === null ? null : (keys.get(near) ?? null);
}

function keyOf(name: string): string {
  return wordsOf(name).join('');
}

const ADDRESS = /^https?:\/\/\S+$/i;
/** `example.org/feed`: an address as people say it, or a word with a dot. Only a followed feed tells which. */
const BARE_ADDRESS = /^[\p{L}\p{N}-]+(\.[\p{L}\p{N}-]+)+(\/\S*)?$/u;

async function feedAt(feeds: Pick<FeedStore, 'byUrl'>, what: string): Promise<Feed | null> {
  const isAddress = ADDRESS.test(what);
  const url = isAddress || BARE_ADDRESS.test(what) ? readFeedAddress(what) : null;
  const feed = url && (await followedAt(feeds, url));
  if (feed || !isAddress) return feed;
  throw new UserError(
    'unknown-feed',
    `No feed is followed at ${what}. Whoever runs this bot can add it with: tidings feed add ${what}`,
  );
}
