import { createHash } from 'node:crypto';
import { canonicalUrl } from './canonical-url.js';
import { plainForms } from './plain-forms.js';
import type { Entry } from './post.js';

/**
 * Counts the ways in which keys were ever made, here and for other feeds (`same/article-keys.ts`). Any change to what
 * goes into them, such as how a text is cleaned or an address is spelled, needs the next number: stored entries are then
 * keyed anew, instead of being told again.
 */
export const KEYS_VERSION = 1;

/** Hashes by which an entry is known again; null where the entry lacks what they are made of. 16 bytes each. */
export interface EntryKeys {
  readonly guid: Buffer | null;
  readonly link: Buffer | null;
  readonly title: Buffer | null;
  /** Title and publication second together. */
  readonly titleDate: Buffer | null;
  /** Title and whole text. */
  readonly content: Buffer;
  /** The link without its host: a site that moves, or was built on its author's machine, keeps it. */
  readonly path: Buffer | null;
  /** Whole text and publication second together. */
  readonly textDate: Buffer | null;
}

/** An entry with its keys, which take a while to make of a long text. */
export interface KeyedEntry {
  readonly entry: Entry;
  readonly keys: EntryKeys;
}

export function keyedEntry(entry: Entry): KeyedEntry {
  return { entry, keys: entryKeys(entry) };
}

const HOST = /^https:\/\/[^/?]*/;
/** Eight words. */
const TELLING_TEXT = /^(?:\S+ ){7}\S/u;

function entryKeys(entry: Entry): EntryKeys {
  const title = foldedText(entry.title);
  const text = foldedText(entry.text);
  const second = entry.publishedAt && dateSecond(entry.publishedAt);
  return {
    guid: entry.guid ? guidKey(entry.guid) : null,
    link: entry.link ? linkKey(entry.link) : null,
    title: title ? hash('title', title) : null,
    titleDate: title && second ? hash('title-date', title, second) : null,
    content: hash('content', title, text),
    path: entry.link && pathKey(entry.link),
    textDate: second && TELLING_TEXT.test(text) ? hash('text-date', text, second) : null,
  };
}

/** The same in every feed. */
export function guidKey(guid: string): Buffer {
  return hash('guid', guid);
}

function pathKey(link: URL): Buffer | null {
  return isFrontPage(link) ? null : hash('path', canonicalUrl(link).replace(HOST, ''));
}

/** The same for all spellings of one address, in every feed. */
export function linkKey(link: URL): Buffer {
  return hash('link', canonicalUrl(link));
}

export function isFrontPage(link: URL | null): boolean {
  return link?.pathname === '/' && link.search === '';
}

export function sameSecond(a: Date | null, b: Date | null): boolean {
  return a !== null && b !== null && dateSecond(a) === dateSecond(b);
}

const DAY_MS = 86_400_000;

/** 0 when a date is missing. */
export function daysApart(a: Date | null, b: Date | null): number {
  return a && b ? Math.abs(a.getTime() - b.getTime()) / DAY_MS : 0;
}

function dateSecond(date: Date): string {
  return String(Math.floor(date.getTime() / 1000));
}

/** The words of a text, for comparing: no case, no punctuation. */
export function foldedText(text: string): string {
  return (
    plainForms(text)
      .toLowerCase()
      .match(/[\p{L}\p{M}\p{N}]+/gu) ?? []
  ).join(' ');
}

function hash(...parts: readonly string[]): Buffer {
  return createHash('sha256').update(parts.join('\u0000')).digest().subarray(0, 16);
}
