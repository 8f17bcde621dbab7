import { UserError } from '../errors.js';
import type { Query } from './topic.js';
import { wordsOf } from './words.js';

const QUOTES = /[“”„‟«»＂]/g;
const MINUS = /(^|\s)[–−](?=\S)/g;
/** A phrase in quotes or a word, either with a minus before it; an open quote runs to the end. */
const PART = /(-?)(?:"([^"]*)(?:"|$)|(\S+))/gu;
/** Longer is a pasted text, not a question. */
const MOST_CHARACTERS = 300;

/** What was typed with plain quotes, minus signs and single spaces, so that two spellings of one query are the same text. */
export function tidyQuery(typed: string): string {
  return typed.replace(QUOTES, '"').replace(MINUS, '$1-').replace(/\s+/g, ' ').trim();
}

/**
 * The query a person typed: every word and "phrase" must be there, no -word may be.
 *
 * @throws UserError `not-yet` for what this version cannot do, `empty-query`, `only-negatives` or `long-query`.
 */
export function parseQuery(typed: string): Query {
  if (typed.length > MOST_CHARACTERS) {
    throw new UserError(
      'long-query',
      `That is too long to look for. Use at most ${String(MOST_CHARACTERS)} characters.`,
    );
  }
  const parts = [...tidyQuery(typed).matchAll(PART)].flatMap(parsePart);
  if (parts.length === 0) throw new UserError('empty-query', 'Type a word or two to look for, such as: bgp leak');
  if (parts.every(({ kind }) => kind === 'not')) {
    throw new UserError(
      'only-negatives',
      'That only says what to leave out. Add a word to look for, such as: bgp -cisco',
    );
  }
  const [first, ...others] = parts;
  return first && others.length === 0 ? first : { kind: 'all', of: parts };
}

/** A query that was accepted once. One that this version refuses finds nothing, rather than holding up all the others. */
export function parseStoredQuery(stored: string): Query | null {
  try {
    return parseQuery(stored);
  } catch (error) {
    if (error instanceof UserError) return null;
    throw error;
  }
}

function parsePart([, minus, phrase, word = '']: RegExpExecArray): Query[] {
  if (phrase === undefined) refuseOperators(word);
  const words = wordsOf(phrase ?? word);
  if (words.length === 0) return [];
  const term: Query = { kind: 'term', words };
  return [minus ? { kind: 'not', of: term } : term];
}

/** Refused rather than read as words, so that a query saved today means the same when these work. */
const NOT_YET: readonly { readonly form: RegExp; readonly advice: string }[] = [
  { form: /^(or|\|+)$/i, advice: 'Searching for one thing or another does not work yet. Look for each by itself' },
  { form: /^NOT$/, advice: 'NOT does not work yet. Put a minus before the word instead, such as: bgp -cisco' },
  { form: /[()]/, advice: 'Parentheses do not work yet. Leave them out' },
  { form: /\*|\p{L}\?\p{L}/u, advice: 'Wildcards do not work yet. Write the whole word' },
  { form: /^\p{L}+:[^:/]/u, advice: 'Filters such as feed: and since: do not work yet. Leave the filter out' },
];

function refuseOperators(word: string): void {
  const refused = NOT_YET.find(({ form }) => form.test(word));
  if (refused) throw new UserError('not-yet', `${refused.advice}, or put it in "quotes" to look for the text itself.`);
}
