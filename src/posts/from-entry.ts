import { cleanLine, cleanText } from './clean-text.js';
import { htmlToText, walkHtml, type ImageTag, type WalkedHtml } from './html-to-text.js';
import { httpUrl } from './http-url.js';
import type { Entry } from './post.js';
import type { Markup, MediaLink, RawEntry } from './raw-entry.js';

const MAX_TITLE_LENGTH = 500;
const MAX_TAGS = 30;
const MAX_TAG_LENGTH = 100;
/** In pixels. Anything smaller counts readers or decorates a list. */
const MIN_PICTURE_SIZE = 32;
const TAG_OR_ENTITY = /<\/?[a-z][^<>]{0,300}>|<[a-z][^<>]{0,300}\/>|<!--|&(?:#\d+|#x[\da-f]+|[a-z][\da-z]+);/i;
/** In an RSS title only these are markup: `<div>` in a headline about HTML is meant to be read. */
const INLINE_TAG =
  /<(?!\/?(?:a|abbr|b|bdi|bdo|br|cite|code|del|em|font|i|img|ins|kbd|mark|p|q|s|small|span|strike|strong|sub|sup|tt|u|wbr)(?=[\s/>]))/gi;
const COUNTING_IMAGE =
  /(?:^|[./_-])(?:pixel|beacon|spacer|blank|tracker|tracking|1x1|count|ads?|~f+|~r|doubleclick|googleadservices)(?:[./_-]|$)/i;

/** What a publisher wrote, made fit to be stored and shown: plain text, absolute addresses, one picture. */
export function entryFrom(raw: RawEntry): Entry {
  const title = lineFrom(raw.title).slice(0, MAX_TITLE_LENGTH);
  const bodies = [walked(raw.content), walked(raw.summary)];
  return {
    guid: raw.guid,
    link: firstUrl(raw.links, raw.base),
    title,
    author: authorName(lineFrom(raw.author)),
    text: fullerText(bodies, title),
    publishedAt: raw.publishedAt ?? raw.updatedAt,
    imageUrl: pictureOf(raw, bodies),
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

/** Of content and summary the one that says more; the content when they say as much. */
function fullerText(bodies: readonly WalkedHtml[], title: string): string {
  const texts = bodies.map(({ text }) => cleanText(text, title));
  return texts.reduce((fullest, text) => (text.length > fullest.length ? text : fullest), '');
}

function walked(markup: Markup | null): WalkedHtml {
  if (!markup) return { text: '', images: [] };
  const isHtml = markup.form === 'html' || (markup.form === 'unsure' && TAG_OR_ENTITY.test(markup.value));
  return isHtml ? walkHtml(markup.value) : { text: markup.value, images: [] };
}

function lineFrom(markup: Markup | null): string {
  if (!markup) return '';
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

/** The picture the feed names, else the first in the text that is one. */
function pictureOf(raw: RawEntry, bodies: readonly WalkedHtml[]): URL | null {
  const named = raw.images.filter(isPicture).map(({ url }) => url);
  const shown = bodies.flatMap(({ images }) => images);
  const candidates = [...named, ...shown.filter(isLargeTag).map((tag) => tag['src'] ?? tag['data-src'] ?? '')];
  for (const candidate of candidates) {
    const url = candidate === '' ? null : httpUrl(candidate.trim(), raw.base);
    if (url && !COUNTING_IMAGE.test(url.hostname + url.pathname)) return url;
  }
  return null;
}

function isPicture({ width, height }: Pick<MediaLink, 'width' | 'height'>): boolean {
  return [width, height].every(
    (size) => size === null || !/^\s*\d+(?:px)?\s*$/.test(size) || parseInt(size, 10) >= MIN_PICTURE_SIZE,
  );
}

function isLargeTag(tag: ImageTag): boolean {
  const style = tag['style'] ?? '';
  const styled = /(?:^|[;\s])(?:width|height)\s*:\s*(\d+)px/i.exec(style)?.[1] ?? null;
  return (
    isPicture({ width: tag['width'] ?? null, height: tag['height'] ?? null }) &&
    isPicture({ width: styled, height: null })
  );
}
