import type { Message } from '../chat/message.js';
import { summarise } from '../posts/text/summary.js';
import { matchesQuery } from '../topics/match.js';
import type { Topic } from '../topics/topic.js';
import type { Delivery } from './delivery.js';
import type { ClaimedDelivery, Told } from './delivery-store.js';

/** More names than this tell a reader nothing about the post. */
const MOST_TOPICS = 3;

type Promised = Pick<ClaimedDelivery, 'post' | 'source' | 'continues'> & { readonly delivery: Pick<Delivery, 'plain'> };

/** What a channel is told about a promised post, in plain text. `topics` is the catalogue, whose order is kept. */
export function messageFor(promised: Promised, topics: readonly Topic[]): Message {
  const { post, source, delivery } = promised;
  return {
    format: delivery.plain ? 'plain' : 'card',
    title: post.title,
    url: post.url,
    source,
    author: authorBeside(source, post),
    publishedAt: post.publishedAt,
    topics: post.isNotice ? [] : topicNames(post, topics),
    summary: summarise(post.text),
    imageUrl: post.imageUrl,
    lines: post.lines,
    alsoIn: [],
    buttons: [],
    continues: promised.continues,
  };
}

/** Many feeds name themselves as the author of every post: said once is enough. */
function authorBeside(source: string, { author }: Told): string | null {
  return author?.trim().toLowerCase() === source.trim().toLowerCase() ? null : author;
}

function topicNames(post: Told, topics: readonly Topic[]): string[] {
  return topics
    .filter(({ query }) => matchesQuery(post, query))
    .slice(0, MOST_TOPICS)
    .map(({ name }) => name);
}
