import { z } from 'zod';
import type { MediaLink, RawEntry } from '../../posts/raw-entry.js';
import { mapInTurns } from '../../turns.js';
import { parseBoundedJson } from './bounded-json.js';
import { createDigests } from './entry-digest.js';
import { readDate } from './feed-date.js';
import type { Window } from './feed-document.js';
import { NO_HINTS } from '../feed.js';
import type { RawFeed, RawReadEntry } from './raw-feed.js';

/** Nobody reads more authors, tags or attachments, and each costs time. */
const MAX_PARTS = 100;

/** JSON can write characters that no text has, and no database keeps. */
const ILLEGAL = /[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]|\p{Surrogate}/gu;

/** A field that does not hold what it should is read as absent: one careless entry must not lose the feed. */
const text = z
  .union([z.string().transform((written) => written.replace(ILLEGAL, '')), z.number().transform(String)])
  .catch('');
const author = z.object({ name: text }).catch({ name: '' });
const attachment = z.object({ url: text, mime_type: text }).catch({ url: '', mime_type: '' });

/** The first of a list; no list is read as an empty one. */
function few<Part extends z.ZodType>(part: Part): z.ZodPreprocess<z.ZodArray<Part>> {
  return z.preprocess((value): unknown[] => (Array.isArray(value) ? value.slice(0, MAX_PARTS) : []), z.array(part));
}

/** JSON Feed 1.0 and 1.1 (jsonfeed.org/version/1.1). */
const item = z.object({
  id: text,
  url: text,
  external_url: text,
  title: text,
  content_html: text,
  content_text: text,
  summary: text,
  image: text,
  banner_image: text,
  date_published: text,
  date_modified: text,
  author,
  authors: few(author),
  tags: few(text),
  attachments: few(attachment),
});

const feed = z.object({
  version: z.string().regex(/jsonfeed\.org\/version\/1/),
  title: text,
  home_page_url: text,
  feed_url: text,
  hubs: few(z.object({ url: text }).catch({ url: '' })),
  author,
  authors: few(author),
  items: z.array(z.unknown()).catch([]),
});

const MAX_ENTRIES = 1_000;

/** Null if the text is no JSON Feed. */
export async function readJsonFeed(source: string, base: URL, window: Window): Promise<RawFeed | null> {
  const parsed = feed.safeParse(parseBoundedJson(source));
  if (!parsed.success) return null;
  const { title, home_page_url: siteLink, feed_url: selfLink, items, hubs, ...document } = parsed.data;
  const people = namesOf(document);
  const digestOf = createDigests(['json', base.href, people]);
  const read = (one: unknown): RawReadEntry | null => {
    const digest = digestOf(JSON.stringify(one));
    if (window.has(digest)) return { digest, entry: null };
    const entry = item.safeParse(one);
    return entry.success ? { digest, entry: rawEntryOf(entry.data, base, people) } : null;
  };
  const entries = await mapInTurns(items.slice(0, MAX_ENTRIES), read);
  return {
    title: title === '' ? null : { value: title, form: 'text' },
    siteLinks: siteLink === '' ? [] : [siteLink],
    base,
    cutOff: false,
    hints: NO_HINTS,
    hubLinks: hubs.map(({ url }) => url).filter((url) => url !== ''),
    selfLink: selfLink || null,
    entries: entries.filter((entry) => entry !== null),
  };
}

function rawEntryOf(entry: z.infer<typeof item>, base: URL, feedAuthors: string): RawEntry {
  const people = namesOf(entry) || feedAuthors;
  return {
    guid: entry.id || null,
    links: [entry.url, entry.external_url].filter((link) => link !== ''),
    title: markup(entry.title, 'text'),
    author: markup(people, 'text'),
    summary: markup(entry.summary, 'text'),
    content: markup(entry.content_html, 'html') ?? markup(entry.content_text, 'text'),
    publishedAt: readDate(entry.date_published),
    updatedAt: readDate(entry.date_modified),
    tags: entry.tags.filter((tag) => tag !== ''),
    images: [entry.image, entry.banner_image].filter((url) => url !== '').map((url) => mediaLink(url, 'image')),
    enclosures: entry.attachments
      .filter(({ url }) => url !== '')
      .map(({ url, mime_type: type }) => mediaLink(url, type)),
    base,
  };
}

/** Version 1.0 had one author, 1.1 has a list. */
function namesOf(of: {
  readonly author: { readonly name: string };
  readonly authors: readonly { readonly name: string }[];
}): string {
  const names = [...of.authors, of.author].map(({ name }) => name.trim()).filter((name) => name !== '');
  return [...new Set(names)].join(', ');
}

function markup(value: string, form: 'text' | 'html'): RawEntry['title'] {
  return value.trim() === '' ? null : { value, form };
}

function mediaLink(url: string, type: string): MediaLink {
  return { url, type: type || null, width: null, height: null };
}
