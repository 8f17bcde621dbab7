import { daysApart, isFrontPage, sameSecond } from '../entry-keys.js';
import type { Entry } from '../post.js';
import { slugNumbers, slugOf } from '../slug.js';
import { textContained } from '../texts-alike.js';

/** A date corrected after publication moves by days; the next post of a series comes later, while the last still stands. */
export const TWIN_DAYS = 10;
export const TELLING_TITLE_LENGTH = 12;
const NEARLY_ALL = 0.8;

/** Of two entries with one title: do they show one article at two addresses, such as the old and the new ones of a site? */
export function isTwin(
  a: Pick<Entry, 'link' | 'publishedAt' | 'text'>,
  b: Pick<Entry, 'link' | 'publishedAt' | 'text'>,
): boolean {
  if (!a.link || !b.link || isFrontPage(a.link) || isFrontPage(b.link)) return false;
  if (daysApart(a.publishedAt, b.publishedAt) > TWIN_DAYS || numbersClash(a.link, b.link)) return false;
  const isNear = slugOf(a.link) === slugOf(b.link) || sameSecond(a.publishedAt, b.publishedAt);
  return isNear && textContained(a, b) >= NEARLY_ALL;
}

function numbersClash(a: URL, b: URL): boolean {
  const [ours, theirs] = [slugNumbers(a), slugNumbers(b)];
  return ours !== theirs && ours !== '' && theirs !== '';
}

/** Nothing names it: it has no guid, and no link of its own. */
export function isNameless({ guid, link }: Entry): boolean {
  return guid === null && (link === null || isFrontPage(link));
}
