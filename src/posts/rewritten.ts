import type { Entry } from './post.js';

const GROWN_BY = 50;
const WITHIN_MS = 7 * 86_400_000;

/** What is stored of an entry before its feed rewrote it. */
export interface Written {
  /** Of the visible text, in UTF-16 units. */
  readonly textLength: number;
  /** When the publisher had last changed it, as far as that is known. */
  readonly updatedAt: Date;
  readonly firstSeenAt: Date;
}

/** Does an entry say so much more than before that its readers want to be told? Only of those that came lately. */
export function isRewritten(
  before: Written,
  { text, updatedAt }: Pick<Entry, 'text' | 'updatedAt'>,
  now: Date,
): boolean {
  return (
    updatedAt !== null &&
    updatedAt > before.updatedAt &&
    text.length > before.textLength + GROWN_BY &&
    now.getTime() - before.firstSeenAt.getTime() <= WITHIN_MS
  );
}
