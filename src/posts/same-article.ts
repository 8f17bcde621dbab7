import { daysApart, isFrontPage, sameSecond, type EntryKeys } from './entry-keys.js';
import type { Entry } from './post.js';
import { titlesAlike } from './titles-alike.js';

/** Thirty words. */
const ENOUGH_WORDS = /^\s*(?:\S+\s+){29}\S/u;
/** Series repeat a template word for word every week; a copy in another feed comes within days. */
const CONTENT_WINDOW_DAYS = 3;

/** Keys by which an article is looked for across feeds. A short text under a common title says too little. */
export function articleKeys(
  entry: Entry,
  keys: EntryKeys,
): { readonly link: Buffer | null; readonly content: Buffer | null } {
  return {
    link: isFrontPage(entry.link) ? null : keys.link,
    content: ENOUGH_WORDS.test(entry.text) ? keys.content : null,
  };
}

/** Is an entry that is new to its feed an article that another feed has brought? */
export function sameArticle(
  entry: Entry,
  other: { readonly title: string; readonly publishedAt: Date | null; readonly via: 'link' | 'content' },
): boolean {
  if (other.via === 'link')
    return titlesAlike(entry.title, other.title) || sameSecond(entry.publishedAt, other.publishedAt);
  return daysApart(entry.publishedAt, other.publishedAt) <= CONTENT_WINDOW_DAYS;
}
