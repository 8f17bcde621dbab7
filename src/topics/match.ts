import type { Post } from '../posts/post.js';
import type { Query } from './topic.js';
import { wordsOf } from './words.js';

type Said = Pick<Post, 'title' | 'text' | 'tags'>;

/** A text's words in order, and where each stands. A term is one look-up, however long the text. */
interface Places {
  readonly words: readonly string[];
  readonly of: ReadonlyMap<string, readonly number[]>;
}

interface Indexed {
  readonly whole: Places;
  /** Title, tags and opening only. */
  readonly opening: Places;
}

/** An author says what a post is about in its first paragraph; further down, chance words abound. */
const OPENING_WORDS = 60;

/** A post is asked by every topic and query in turn: its words are found once. */
const indexes = new WeakMap<Said, Indexed>();

/** Does the post say what the query asks, in its title, text or tags? */
export function matchesQuery(post: Said, query: Query): boolean {
  const known = indexes.get(post);
  if (known) return holds(known, known.whole, query);
  const made = indexOf(post);
  indexes.set(post, made);
  return holds(made, made.whole, query);
}

function holds(index: Indexed, places: Places, query: Query): boolean {
  switch (query.kind) {
    case 'term':
      return stands(places, query.words);
    case 'all':
      return query.of.every((part) => holds(index, places, part));
    case 'any':
      return query.of.some((part) => holds(index, places, part));
    case 'not':
      return !holds(index, places, query.of);
    case 'about':
      return holds(index, index.opening, query.of);
  }
}

function stands({ words, of }: Places, [first = '', ...others]: readonly string[]): boolean {
  const starts = of.get(first) ?? [];
  return starts.some((start) => others.every((word, index) => words[start + 1 + index] === word));
}

function indexOf(post: Said): Indexed {
  const words = wordsOf(post.text);
  const labels = [post.title, ...post.tags].map(wordsOf);
  return { whole: placesOf([...labels, words]), opening: placesOf([...labels, words.slice(0, OPENING_WORDS)]) };
}

/** Parts end in a gap, so that no phrase runs from one into the next. */
function placesOf(parts: readonly (readonly string[])[]): Places {
  const words = parts.flatMap((part) => [...part, '']);
  const of = new Map<string, number[]>();
  for (const [place, word] of words.entries()) {
    const known = of.get(word);
    if (known) known.push(place);
    else of.set(word, [place]);
  }
  return { words, of };
}
