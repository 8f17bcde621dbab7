import type { Entry } from './post.js';

const EXTENSION = /\.\w{1,5}$/;
const DATE_BEFORE = /^\d{4}-\d\d-\d\d-/;

/** What its author calls the page: the last part of its address, without extension and date. Empty where there is none. */
export function slugOf(link: Entry['link']): string {
  const last = link?.pathname.split('/').filter(Boolean).at(-1) ?? '';
  return last.toLowerCase().replace(EXTENSION, '').replace(DATE_BEFORE, '');
}

/** Parts, versions and years in a slug. */
export function slugNumbers(link: Entry['link']): string {
  return (slugOf(link).match(/\d+/g) ?? []).join(' ');
}
