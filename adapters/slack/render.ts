import type { types } from '@slack/bolt';
import { alsoInText } from '../../src/chat/also-in.js';
import { LINE_LIMITS, type Message, type MessageLine } from '../../src/chat/message.js';
import { shownLine, shownLines } from '../../src/chat/shown-text.js';
import { pictureAddress } from '../../src/chat/web-address.js';
import { menu } from './buttons.js';
import { bold, mrkdwn, plainText } from './escape.js';
import { titleLink } from './title.js';

/** What `chat.postMessage` and `chat.update` take. `text` is what notifications show, and all there is without blocks. */
export interface SlackMessage {
  readonly text: string;
  readonly blocks: readonly types.KnownBlock[];
}

/**
 * Slack allows 3,000 characters in a text object, 4,000 in the `text` of an update, and, undocumented, some 11,000 in
 * all blocks of a message. The parts of a card together stay below 6,000, those of a digest below `digest`.
 */
const LIMITS = {
  title: 500,
  address: 1_800,
  summary: 600,
  section: 2_900,
  about: 1_000,
  altText: 300,
  imageUrl: 3_000,
  text: 3_800,
  digest: 7_500,
} as const;

/**
 * A message as Block Kit: title (linked) and summary beside the picture; below, who wrote it, when, and its topics.
 * Plain, the same is one text; bare, it is title and link.
 */
export function renderMessage(message: Message): SlackMessage {
  const isDigest = message.lines.length > 0;
  switch (message.format) {
    case 'card':
      return isDigest ? digest(message) : card(message);
    case 'plain':
      return { text: isDigest ? digestText(message, LIMITS.text) : plain(message), blocks: [] };
    case 'bare':
      return { text: isDigest ? namesOnly(message) : linkedTitle(message), blocks: [] };
  }
}

/** A mrkdwn text object that Slack does not search for names and addresses to link. */
export function verbatim(text: string): types.MrkdwnElement {
  return { type: 'mrkdwn', text, verbatim: true };
}

function linkedTitle({ title, url }: Message): string {
  return titleLink(title, url, LIMITS);
}

function card(message: Message): SlackMessage {
  const about = aboutLine(message);
  const image = picture(message);
  const small = menu(message.buttons);
  const text = verbatim(titleAndSummary(message));
  const accessory = image ?? small;
  const blocks: types.KnownBlock[] = [{ type: 'section', text, ...(accessory ? { accessory } : {}) }];
  if (about !== '') blocks.push({ type: 'context', elements: [verbatim(about)] });
  if (image && small) blocks.push({ type: 'actions', elements: [small] });
  return { text: fallback(message), blocks };
}

function plain(message: Message): string {
  return [titleAndSummary(message), aboutLine(message)].filter((part) => part !== '').join('\n');
}

function titleAndSummary(message: Message): string {
  const title = bold(linkedTitle(message));
  const summary = mrkdwn(shownLines(message.summary), LIMITS.summary);
  return summary === '' ? title : `${title}\n${summary}`;
}

/** A heading, and below it one line for each post, in as few sections as hold them. */
function digest(message: Message): SlackMessage {
  const [heading = '', ...lines] = digestParts(message, LIMITS.digest);
  const parts: string[] = [heading];
  for (const line of lines) {
    const last = parts.at(-1) ?? '';
    if (parts.length > 1 && last.length + 1 + line.length <= LIMITS.section)
      parts[parts.length - 1] = `${last}\n${line}`;
    else parts.push(line);
  }
  const text = mrkdwn(titleOf(message), LIMITS.title);
  return { text, blocks: parts.map((part) => ({ type: 'section', text: verbatim(part) })) };
}

function digestText(message: Message, room: number): string {
  return digestParts(message, room).join('\n');
}

function digestParts(message: Message, room: number): string[] {
  const title = bold(mrkdwn(titleOf(message), LIMITS.title));
  const why = mrkdwn(shownLine(message.summary), LIMITS.summary);
  return fitting(why === '' ? title : `${title}\n${why}`, message.lines.map(digestLine), room);
}

const MORE_ROOM = 24;

/** Whoever made the digest saw to it that all lines fit; should one not, the reader is told. */
function fitting(heading: string, lines: readonly string[], room: number): string[] {
  let left = room - heading.length - MORE_ROOM;
  const end = lines.findIndex((line) => (left -= line.length + 1) < 0);
  if (end < 0) return [heading, ...lines];
  return [heading, ...lines.slice(0, end), `… and ${String(lines.length - end)} more`];
}

function digestLine({ title, url, source, heading }: MessageLine): string {
  const name = titleLink(title, url, LINE_LIMITS);
  const from = mrkdwn(shownLine(source), LINE_LIMITS.source);
  const above = mrkdwn(shownLine(heading ?? ''), LINE_LIMITS.heading);
  const line = `• ${name}${from === '' ? '' : ` · ${from}`}`;
  return above === '' ? line : `${bold(above)}\n${line}`;
}

/** The simplest form has less room: the names of all, without their links. */
function namesOnly(message: Message): string {
  const title = mrkdwn(titleOf(message), LIMITS.title);
  const each = Math.floor((LIMITS.text - title.length - MORE_ROOM) / message.lines.length) - '\n• '.length;
  const most = Math.max(1, Math.min(each, LINE_LIMITS.title));
  const lines = message.lines.map((line) => `• ${mrkdwn(titleOf(line), most)}`);
  return fitting(title, lines, LIMITS.text).join('\n');
}

function titleOf({ title }: Pick<Message, 'title'>): string {
  return shownLine(title) || '(untitled)';
}

function picture({ imageUrl, title }: Message): types.ImageElement | null {
  const address = pictureAddress(imageUrl, LIMITS.imageUrl);
  if (address === null) return null;
  return { type: 'image', image_url: address, alt_text: plainText(shownLine(title) || 'Picture', LIMITS.altText) };
}

function aboutLine({ source, author, publishedAt, topics, alsoIn }: Message): string {
  const short = (text: string): string => mrkdwn(shownLine(text), LIMITS.about / 4);
  const names = topics.map(shownLine).filter((name) => name !== '');
  return [
    short(source),
    short(author ?? ''),
    publishedAt ? dateToken(publishedAt) : '',
    short(names.join(', ')),
    short(alsoInText(alsoIn)),
  ]
    .filter((part) => part !== '')
    .join(' · ');
}

/**
 * Shown in each reader's own time zone.
 * @see https://docs.slack.dev/messaging/formatting-message-text#date-formatting
 */
function dateToken(at: Date): string {
  const seconds = Math.floor(at.getTime() / 1_000);
  if (!(seconds > 0)) return '';
  const inUtc = `${at.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
  return `<!date^${String(seconds)}^{date_short_pretty} {time}|${inUtc}>`;
}

/** For notifications: never a link, for what it hides cannot be seen there. */
function fallback(message: Message): string {
  const name = shownLine(message.source);
  const shown = mrkdwn(titleOf(message), LIMITS.title);
  return name === '' ? shown : `${shown} · ${mrkdwn(name, LIMITS.about / 4)}`;
}
