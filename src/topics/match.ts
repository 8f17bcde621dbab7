import type { Post } from '../posts/post.js';
import type { Query } from './topic.js';
import { wordsOf } from './words.js';

/** Does the post say what the query asks, in its title, text or tags? */
export function matchesQuery(post: Pick<Post, 'title' | 'text' | 'tags'>, query: Query): boolean {
  return holds(` ${wordsOf(`${post.title}\n${post.tags.join('\n')}\n${post.text}`).join(' ')} `, query);
}

function holds(text: string, query: Query): boolean {
  switch (query.kind) {
    case 'term':
      return text.includes(` ${query.words.join(' ')} `);
    case 'all':
      return query.of.every((part) => holds(text, part));
    case 'any':
      return query.of.some((part) => holds(text, part));
    case 'not':
      return !holds(text, query.of);
  }
}
