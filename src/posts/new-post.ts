import { withoutTracking } from './canonical-url.js';
import type { Entry, Post } from './post.js';

const TITLE_FROM_TEXT_LENGTH = 80;

/** The post that an entry makes when nobody has seen it before. An untitled one is called by its first words. */
export function newPostOf(entry: Entry): Omit<Post, 'id' | 'firstSeenAt'> {
  return {
    title: [entry.title, firstWords(entry.text), entry.link?.href].find(Boolean) ?? 'Untitled',
    url: entry.link && withoutTracking(entry.link),
    author: entry.author,
    text: entry.text,
    tags: entry.tags,
    imageUrl: entry.imageUrl,
    publishedAt: entry.publishedAt,
  };
}

function firstWords(text: string): string {
  const line = text.trim().split('\n', 1)[0] ?? '';
  if (line.length <= TITLE_FROM_TEXT_LENGTH) return line;
  const cut = line.slice(0, TITLE_FROM_TEXT_LENGTH).replace(/[\uD800-\uDBFF]$/, '');
  return `${cut.slice(0, Math.max(cut.lastIndexOf(' '), TITLE_FROM_TEXT_LENGTH / 2)).trimEnd()}…`;
}
