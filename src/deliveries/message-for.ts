import type { ReplyButton } from '../chat/command.js';
import type { Message } from '../chat/message.js';
import { shownLine } from '../chat/shown-text.js';
import { summarise } from '../posts/text/summary.js';
import { matchesQuery } from '../topics/match.js';
import type { Topic } from '../topics/topic.js';
import type { Delivery } from './delivery.js';
import type { ClaimedDelivery, Told } from './delivery-store.js';

/** More names than this tell a reader nothing about the post. */
const MOST_TOPICS = 3;

/** What a message is made of. */
export type Promised = Pick<
  ClaimedDelivery,
  'post' | 'postId' | 'source' | 'feedUrl' | 'publish' | 'alsoIn' | 'continues'
> & { readonly delivery: Pick<Delivery, 'format'> };

/** What a channel is told about a promised post, in plain text. `topics` is the catalogue, whose order is kept. */
export function messageFor(promised: Promised, topics: readonly Topic[]): Message {
  const { post, source, delivery, publish } = promised;
  return {
    format: delivery.format,
    title: post.title,
    url: post.url,
    source,
    author: authorBeside(source, post),
    publishedAt: post.publishedAt,
    ...gistOf(post, topics),
    imageUrl: post.imageUrl,
    lines: post.lines,
    alsoIn: otherThan(source, promised.alsoIn),
    buttons: menuOf(promised),
    continues: promised.continues,
    publish,
  };
}

/** Discord keeps a button's command in 100 characters, of which an adapter may need some. */
const LONGEST_COMMAND = 90;

/** What a reader can do with a post, as commands that anybody could type; notices and digests have none. */
function menuOf({ post, postId, feedUrl }: Promised): ReplyButton[] {
  if (postId === null) return [];
  const address = post.url?.username === '' ? post.url.href : '';
  const why = [`why ${address}`, `why "${beginning(post.title)}"`];
  return [
    { label: 'More like this', command: `like ${postId}` },
    { label: 'Why here?', command: why.find((command) => isUsable(command)) ?? '' },
    { label: 'Mute this feed', command: feedUrl === null ? '' : `mute ${feedUrl}` },
  ].filter(({ command }) => isUsable(command));
}

/** A command cut short would be another one. */
function isUsable(command: string): boolean {
  return /^\S+ \S/.test(command) && !command.endsWith('""') && command.length <= LONGEST_COMMAND;
}

/** Whole words, and no quotes, which would end what stands in them. */
function beginning(title: string): string {
  const words = shownLine(title)
    .replace(/["“”„‟«»＂]/g, ' ')
    .slice(0, LONGEST_COMMAND - 'why ""'.length);
  return (words.length < title.length ? words.replace(/\s\S*$/, '') : words).replace(/\s+/g, ' ').trim();
}

/** Many feeds name themselves as the author of every post: said once is enough. */
function authorBeside(source: string, { author }: Told): string | null {
  return author?.trim().toLowerCase() === source.trim().toLowerCase() ? null : author;
}

/** Two feeds of one house often have one name. */
function otherThan(source: string, titles: readonly string[]): string[] {
  return [...new Set(titles)].filter((title) => title !== source);
}

type Gist = Pick<Message, 'topics' | 'summary'>;

/** A post that goes to many channels is read once. */
const gists = new WeakMap<readonly Topic[], WeakMap<Told, Gist>>();

function gistOf(post: Told, topics: readonly Topic[]): Gist {
  const known = gists.get(topics) ?? new WeakMap<Told, Gist>();
  gists.set(topics, known);
  const gist = known.get(post) ?? { topics: topicNames(post, topics), summary: summarise(post.text) };
  known.set(post, gist);
  return gist;
}

function topicNames(post: Told, topics: readonly Topic[]): string[] {
  if (post.isNotice) return [];
  return topics
    .filter(({ query }) => matchesQuery(post, query))
    .slice(0, MOST_TOPICS)
    .map(({ name }) => name);
}
