import { cleanLine, cleanText } from './text/clean-text.js';
import { htmlToText, walkHtml, type WalkedHtml } from './text/html-to-text.js';
import { httpUrl } from './http-url.js';
import type { Known } from './text/opening-lines.js';
import { pictureOf } from './pictures.js';
import type { Entry } from './post.js';
import type { Markup, RawEntry } from './raw-entry.js';
import { MAX_TEXT_LENGTH } from './text/text-writer.js';

const MAX_TITLE_LENGTH = 500;
const MUCH_MORE = 1.25;
const MAX_TAGS = 30;
const MAX_TAG_LENGTH = 100;
const TAG_OR_ENTITY = /<\/?[a-z][^<>]{0,300}>|<[a-z][^<>]{0,300}\/>|<!--|&(?:#\d+|#x[\da-f]+|[a-z][\da-z]+);/i;
const BLOCK_TAG = /<(?:p|br|div|li|pre|table|h[1-6]|blockquote|section|article|ul|ol|dl|td|\w+:\w+)[\s/>]/i;
/** In an RSS title only these are markup: `<div>` in a headline about HTML is meant to be read. */
const INLINE_TAG =
  /<(?!\/?(?:a|abbr|b|bdi|bdo|br|cite|code|del|em|font|i|img|ins|kbd|mark|p|q|s|small|span|strike|strong|sub|sup|tt|u|wbr)(?=[\s/>]))/gi;

/** What a publisher wrote, made fit to be stored and shown: plain text, absolute addresses, one picture. */
export function entryFrom(raw: RawEntry): Entry {
  const title = lineFrom(raw.title).slice(0, MAX_TITLE_LENGTH);
  const author = authorName(lineFrom(raw.author));
  const bodies = [walked(raw.content), walked(raw.summary)] as const;
  return {
    guid: raw.guid,
    link: firstUrl(raw.links, raw.base),
    title,
    author,
    text: fullerText(bodies, { title, author }),
    publishedAt: raw.publishedAt ?? raw.updatedAt,
    updatedAt: raw.updatedAt,
    imageUrl: pictureOf(
      raw.images,
      bodies.flatMap(({ images }) => images),
      raw.base,
    ),
    tags: tagsFrom(raw.tags),
  };
}

/** A feed's own title, or null if it says nothing. */
export function titleFrom(title: Markup | null): string | null {
  return lineFrom(title).slice(0, MAX_TITLE_LENGTH) || null;
}

export function siteUrlFrom(links: readonly string[], base: URL): URL | null {
  return firstUrl(links, base);
}

function firstUrl(links: readonly string[], base: URL): URL | null {
  for (const link of links) {
    const url = httpUrl(link.trim(), base);
    if (url) return url;
  }
  return null;
}

/** The content, unless the summary says clearly more. A summary made of the same text on one line is a little longer at times. */
function fullerText([content, summary]: readonly [WalkedHtml, WalkedHtml], known: Known): string {
  const text = cleanText(content.text, known.title, { ...known, linkLines: content.linkLines });
  if (summary.text.length <= text.length * MUCH_MORE) return text;
  const other = cleanText(summary.text, known.title, { ...known, linkLines: summary.linkLines });
  return other.length > text.length * MUCH_MORE ? other : text;
}

function walked(markup: Markup | null): WalkedHtml {
  const value = markup?.value ?? '';
  const isHtml = markup?.form === 'html' || (markup?.form === 'unsure' && TAG_OR_ENTITY.test(value));
  return isHtml ? walkHtml(withLines(value)) : { text: value.slice(0, MAX_TEXT_LENGTH), linkLines: [], images: [] };
}

/** Where nothing else makes a paragraph, the author's empty lines were meant to. */
function withLines(html: string): string {
  if (!/\n[ \t\r]*\n/.test(html) || BLOCK_TAG.test(html)) return html;
  return html.replace(/\s*\n\s*/g, (space) => (/\n[ \t\r]*\n/.test(space) ? '<p>' : '<br>'));
}

function lineFrom(markup: Markup | null): string {
  if (!markup) return '';
  if (!/[<&]/.test(markup.value)) return cleanLine(markup.value);
  switch (markup.form) {
    case 'html':
      return cleanLine(htmlToText(markup.value));
    case 'unsure':
      return cleanLine(htmlToText(markup.value.replace(INLINE_TAG, '&lt;')));
    case 'text':
      // Entities that XML does not know are still undecoded here.
      return cleanLine(htmlToText(markup.value.replace(/</g, '&lt;')));
  }
}

/** RSS wants an address and has the name in brackets: `mail@a.example (A. Writer)`. */
function authorName(author: string): string | null {
  const named = /^\S+@\S+\s+\((?<name>[^)]+)\)$/.exec(author) ?? /^"?(?<name>[^"<>]+?)"?\s*<\S+@\S+>$/.exec(author);
  return (named?.groups?.['name'] ?? author).slice(0, MAX_TITLE_LENGTH) || null;
}

function tagsFrom(tags: readonly string[]): string[] {
  const clean = tags
    .map((tag) => lineFrom({ value: tag, form: 'unsure' }).slice(0, MAX_TAG_LENGTH))
    .filter((tag) => tag !== '');
  return [...new Map(clean.map((tag) => [tag.toLowerCase(), tag])).values()].slice(0, MAX_TAGS);
}
