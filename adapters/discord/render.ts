import { MessageFlags, type APIEmbed } from 'discord.js';
import { alsoInText } from '../../src/chat/also-in.js';
import { LINE_LIMITS, type Message, type MessageLine } from '../../src/chat/message.js';
import { fit, shownLine, shownLines } from '../../src/chat/shown-text.js';
import { pictureAddress, webAddress } from '../../src/chat/web-address.js';
import { buttonRows, type ButtonRow } from './buttons.js';
import { escapeMarkdown, shownLink } from './escape.js';
import { linkedTitle, LONGEST_ADDRESS, titledLink } from './link.js';

/** Discord's limits, in UTF-16 units, so never more than Discord counts (docs: resources/message). */
const LIMITS = { content: 2000, title: 256, description: 4096, author: 256, footer: 2048, embed: 6000 };
/** What of the footer one name may take. */
const NAME = 200;
export const BLURPLE = 0x5865f2;
const LAST_TIMESTAMP_MS = Date.UTC(9999, 11, 31);

export interface MessageBody {
  readonly content: string;
  readonly embeds: APIEmbed[];
  readonly components: ButtonRow[];
  readonly flags?: number;
  /** Nothing a feed wrote may ping anybody: sent with every message and every edit. */
  readonly allowed_mentions: { readonly parse: [] };
}

/**
 * The body of Create Message and Edit Message. Names content, embeds and components in each form, so that an edit from
 * one to another leaves no rest.
 */
export function renderMessage(message: Message): MessageBody {
  const isDigest = message.lines.length > 0;
  const { format } = message;
  if (format === 'card') {
    const embed = isDigest ? digest(message) : card(message);
    return { content: '', embeds: [embed], components: buttonRows(message.buttons), allowed_mentions: { parse: [] } };
  }
  const bare = isDigest ? namesOnly(message) : titleAndLink(message, LIMITS.content);
  return {
    content: format === 'plain' && !isDigest ? plainContent(message) : bare,
    embeds: [],
    components: [],
    flags: MessageFlags.SuppressEmbeds,
    allowed_mentions: { parse: [] },
  };
}

/** One line for each post. Whoever made the digest saw to it that all fit; should one not, the reader is told. */
function digest(message: Message): APIEmbed {
  const why = fit(shownLine(message.summary), LIMITS.author, escapeMarkdown);
  const lines = fitting(why === '' ? [] : [why], message.lines.map(digestLine), LIMITS.description);
  return { title: fit(titleOf(message), LIMITS.title, escapeMarkdown), color: BLURPLE, description: lines.join('\n') };
}

function digestLine({ title, url, source, heading }: MessageLine): string {
  const from = fit(shownLine(source), LINE_LIMITS.source, escapeMarkdown);
  const above = fit(shownLine(heading ?? ''), LINE_LIMITS.heading, escapeMarkdown);
  const line = `• ${linkedTitle(titleOf({ title }), url, LINE_LIMITS)}${from === '' ? '' : ` · ${from}`}`;
  return above === '' ? line : `**${above}**\n${line}`;
}

/** The simplest form has less room: the names of all, without their links. */
function namesOnly(message: Message): string {
  const title = fit(titleOf(message), LIMITS.title, escapeMarkdown);
  const each = Math.floor((LIMITS.content - title.length - MORE_ROOM) / message.lines.length) - '\n• '.length;
  const most = Math.max(2, Math.min(each, LINE_LIMITS.title));
  const lines = message.lines.map((line) => `• ${fit(titleOf(line), most, escapeMarkdown)}`);
  return fitting([title], lines, LIMITS.content).join('\n');
}

const MORE_ROOM = 24;

function fitting(head: readonly string[], lines: readonly string[], room: number): string[] {
  let left = room - MORE_ROOM - head.reduce((sum, { length }) => sum + length + 1, 0);
  const end = lines.findIndex(({ length }) => (left -= length + 1) < 0);
  return end < 0 ? [...head, ...lines] : [...head, ...lines.slice(0, end), `… and ${String(lines.length - end)} more`];
}

function card(message: Message): APIEmbed {
  const link = titledLink(titleOf(message), message.url, { title: LIMITS.title, address: LONGEST_ADDRESS });
  const author = fit(shownLine(message.source), LIMITS.author, asItIs);
  const footer = fit(byline(message), LIMITS.footer, asItIs);
  const used = link.title.length + author.length + footer.length + link.beside.length + 1;
  const room = Math.min(LIMITS.description - link.beside.length - 1, LIMITS.embed - used);
  const summary = fit(shownLines(message.summary), room, escapeMarkdown);
  const description = [link.beside, summary].filter((part) => part !== '').join('\n');
  const image = pictureAddress(message.imageUrl, LONGEST_ADDRESS);
  const timestamp = timestampOf(message.publishedAt);
  return {
    title: link.title,
    color: BLURPLE,
    ...(link.address === null ? {} : { url: link.address }),
    ...(description === '' ? {} : { description }),
    ...(author === '' ? {} : { author: { name: author } }),
    ...(footer === '' ? {} : { footer: { text: footer } }),
    ...(timestamp === null ? {} : { timestamp }),
    ...(image === null ? {} : { thumbnail: { url: image } }),
  };
}

/** Who wrote it, what it is about, where else it stands. */
function byline({ author, topics, alsoIn }: Message): string {
  return [author ?? '', ...topics, alsoInText(alsoIn)]
    .map((part) => fit(shownLine(part), NAME, asItIs))
    .filter((part) => part !== '')
    .join(' · ');
}

/** The words of the card as text: what Discord refused may have been the picture or the menu. */
function plainContent(message: Message): string {
  const head = titleAndLink(message, LIMITS.content / 2);
  const from = [shownLine(message.source), byline(message)].filter((part) => part !== '').join(' · ');
  const about = fit(from, LIMITS.content / 5, escapeMarkdown);
  const room = LIMITS.content - head.length - about.length - 2;
  const summary = fit(shownLines(message.summary), room, escapeMarkdown);
  return [head, summary, about].filter((part) => part !== '').join('\n');
}

function titleAndLink(message: Message, room: number): string {
  const address = webAddress(message.url, room / 2);
  const line = address === null ? '' : `\n${shownLink(address)}`;
  return `${fit(titleOf(message), room - line.length, escapeMarkdown)}${line}`;
}

/** Discord refuses a title of nothing but white space. */
function titleOf({ title }: Pick<Message, 'title'>): string {
  return shownLine(title) || 'Untitled';
}

function asItIs(text: string): string {
  return text;
}

function timestampOf(at: Date | null): string | null {
  return at !== null && at.getTime() >= 0 && at.getTime() < LAST_TIMESTAMP_MS ? at.toISOString() : null;
}
