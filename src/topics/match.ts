import type { Post } from '../posts/post.js';
import type { Query } from './topic.js';
import { wordsOf } from './words.js';

type Said = Pick<Post, 'title' | 'text' | 'tags'>;

/** A post's words in order, title and tags first, and where each stands. A term is one look-up, however long the text. */
interface Indexed {
  readonly words: readonly string[];
  readonly places: ReadonlyMap<string, readonly number[]>;
  /** Title, tags and opening end before this place. */
  readonly openingEnd: number;
}

/** An author says what a post is about in its first paragraph; further down, chance words abound. */
const OPENING_WORDS = 30;

/** A post is asked by every topic and query in turn: its words are found once. */
const indexes = new WeakMap<Said, Indexed>();

/** Does the post say what the query asks, in its title, text or tags? */
export function matchesQuery(post: Said, query: Query): boolean {
  const index = indexes.get(post) ?? indexOf(post);
  indexes.set(post, index);
  return holds(index, index.words.length, query);
}

/** Whether the words before place `end` say it. */
function holds(index: Indexed, end: number, query: Query): boolean {
  switch (query.kind) {
    case 'term':
      return stands(index, end, query.words);
    case 'all':
      return query.of.every((part) => holds(index, end, part));
    case 'any':
      return query.of.some((part) => holds(index, end, part));
    case 'not':
      return !holds(index, end, query.of);
    case 'about':
      return holds(index, index.openingEnd, query.of);
  }
}

function stands({ words, places }: Indexed, end: number, [first = '', ...others]: readonly string[]): boolean {
  const starts = places.get(first) ?? [];
  return starts.some(
    (start) => start + others.length < end && others.every((word, index) => words[start + 1 + index] === word),
  );
}

function indexOf(post: Said): Indexed {
  // An empty word ends each part, so that no phrase runs from one into the next.
  const labels = [post.title, ...post.tags].flatMap((label) => [...wordsOf(label), '']);
  const words = labels.concat(wordsOf(post.text));
  const places = new Map<string, number[]>();
  for (const [place, word] of words.entries()) {
    const known = places.get(word);
    if (known) known.push(place);
    else places.set(word, [place]);
  }
  return { words, places, openingEnd: Math.min(labels.length + OPENING_WORDS, words.length) };
}
