import { readFile } from 'node:fs/promises';
import { readFeed } from '../../src/feeds/reading/read-feed.js';
import type { RawFeed } from '../../src/feeds/reading/raw-feed.js';
import { entryFrom, siteUrlFrom, titleFrom } from '../../src/posts/from-entry.js';
import type { Markup, RawEntry } from '../../src/posts/raw-entry.js';

/** A line of the batch. `url` is the base of relative addresses; empty when unknown, like `contentType`. */
export interface Question {
  readonly file: string;
  readonly url: string;
  readonly contentType: string;
}

/** What relative addresses of a document from nowhere are relative to. */
const NOWHERE = 'http://unknown.invalid/';

/** Comes back when the thread has started. */
export function warmUp(): null {
  return null;
}

/** Reads one document as polling does, and gives beside the cleaned entry what its publisher wrote of its bodies. */
export async function readDocument({ file, url, contentType }: Question): Promise<object> {
  const bytes = await readFile(file);
  const body = { bytes, contentType: contentType || null, baseUrl: new URL(url || NOWHERE) };
  const read = await readFeed(body, new Set());
  return read.kind === 'read'
    ? prediction(read.feed)
    : { error: `not a feed: ${read.kind === 'not-a-feed' ? read.looksLike : read.kind}` };
}

function prediction(feed: RawFeed): object {
  const raw = feed.entries.map(({ entry }) => entry).filter((entry) => entry !== null);
  return {
    title: titleFrom(feed.title) ?? '',
    link: siteUrlFrom(feed.siteLinks, feed.base)?.href ?? '',
    items: raw.map(itemOf),
  };
}

function itemOf(raw: RawEntry): object {
  const entry = entryFrom(raw);
  return {
    id: entry.guid ?? '',
    title: entry.title,
    link: entry.link?.href ?? '',
    published: spelled(raw.publishedAt),
    updated: spelled(raw.updatedAt),
    author: entry.author ?? '',
    summary: written(raw.summary),
    content: written(raw.content ?? raw.summary),
    categories: raw.tags,
    enclosures: raw.enclosures,
  };
}

function spelled(date: Date | null): string {
  return date?.toISOString() ?? '';
}

function written(markup: Markup | null): string {
  return markup?.value ?? '';
}
