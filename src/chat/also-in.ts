import { shownLine } from './shown-text.js';

const MOST_NAMED = 3;

/** "also in A, B and 2 more", in plain text; empty if no other feed has the article. */
export function alsoInText(feeds: readonly string[]): string {
  const names = [...new Set(feeds.map(shownLine))].filter((name) => name !== '');
  if (names.length === 0) return '';
  const more = names.length - MOST_NAMED;
  return `also in ${names.slice(0, MOST_NAMED).join(', ')}${more > 0 ? ` and ${String(more)} more` : ''}`;
}
