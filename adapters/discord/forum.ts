import type { Message } from '../../src/chat/message.js';
import { fit, shownLine } from '../../src/chat/shown-text.js';
import type { ForumTag, Place } from './places.js';
import { renderMessage, type MessageBody } from './render.js';

type Forum = Extract<Place, { readonly kind: 'threads' }>;

/** The body of Start Thread in Forum or Media Channel (docs: resources/channel). */
export interface ForumPostBody {
  readonly name: string;
  readonly message: MessageBody;
  readonly applied_tags: readonly string[];
}

const LIMITS = { name: 100, tags: 5, tagName: 20 };
/** Where a forum wants a tag and no topic has one, these say the least that could be wrong. */
const ANYTHING = ['other', 'misc', 'general', 'news', 'links'];

export function forumPost(message: Message, forum: Forum): ForumPostBody {
  return { name: threadName(message), message: renderMessage(message), applied_tags: tagsFor(message, forum) };
}

/** Discord shows names as they are, and never reads mentions in them. */
export function threadName({ title }: Message): string {
  return fit(shownLine(title) || 'Untitled', LIMITS.name, (text) => text);
}

/** Those with the name of a topic, in the order of topics. */
function tagsFor({ topics, format }: Message, { tags, tagRequired }: Forum): string[] {
  const named = topics.flatMap((topic) => tags.filter(({ name }) => keyOf(name) === keyOf(topic)));
  const ids = [...new Set(named.map(({ id }) => id))].slice(0, LIMITS.tags);
  if (!tagRequired) return format === 'bare' ? [] : ids;
  return ids.length > 0 ? ids : anyTag(tags);
}

function anyTag(tags: readonly ForumTag[]): string[] {
  const found = tags.find(({ name }) => ANYTHING.includes(keyOf(name))) ?? tags[0];
  return found ? [found.id] : [];
}

/** Topics may have longer names than tags. */
function keyOf(name: string): string {
  return shownLine(name).toLowerCase().slice(0, LIMITS.tagName).trim();
}
