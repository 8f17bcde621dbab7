import {
  ButtonStyle,
  ComponentType,
  MessageFlags,
  type APIActionRowComponent,
  type APIButtonComponent,
  type APIEmbed,
} from 'discord.js';
import type { Reply, ReplyButton, ReplyLine } from '../../src/chat/command.js';
import { LINE_LIMITS, type Message, type MessageLine } from '../../src/chat/message.js';
import { cleanText, codeSpan, escapeMarkdown, fit, maskedLink, maskedUrl } from './escape.js';

/** Discord's limits, in UTF-16 units, so never more than Discord counts (docs: resources/message). */
const LIMITS = { content: 2000, title: 256, description: 4096, author: 256, footer: 2048, embed: 6000, url: 2048 };
const BUTTON = { label: 80, customId: 100, perRow: 5, rows: 5 };
const BLURPLE = 0x5865f2;
const LAST_TIMESTAMP_MS = Date.UTC(9999, 11, 31);

/** Nothing a feed or a person typed may ping anybody: sent with every message, edit and answer. */
const NO_PINGS = { parse: [] };

export interface MessageBody {
  readonly content: string;
  readonly embeds: APIEmbed[];
  readonly flags?: number;
  readonly allowed_mentions: { readonly parse: [] };
}

export interface ReplyBody {
  readonly embeds: APIEmbed[];
  readonly components: APIActionRowComponent<APIButtonComponent>[];
  readonly allowed_mentions: { readonly parse: [] };
}

/** The body of Create Message and Edit Message. Names both forms, so that an edit from card to plain leaves no rest. */
export function renderMessage(message: Message): MessageBody {
  const isDigest = message.lines.length > 0;
  if (message.format === 'plain') {
    return {
      content: isDigest ? plainDigest(message) : plainContent(message),
      embeds: [],
      flags: MessageFlags.SuppressEmbeds,
      allowed_mentions: { parse: [] },
    };
  }
  return { content: '', embeds: [isDigest ? digest(message) : card(message)], allowed_mentions: { parse: [] } };
}

/** One line for each post. Whoever made the digest saw to it that all of them fit. */
function digest(message: Message): APIEmbed {
  const lines = message.lines.map(digestLine);
  const why = fit(oneLine(message.summary), LIMITS.author, escapeMarkdown);
  const description = [...(why === '' ? [] : [why]), ...lines].join('\n');
  return { title: titleOf(message, LIMITS.title), color: BLURPLE, description };
}

function digestLine({ title, url, source, heading }: MessageLine): string {
  const shown = oneLine(title) || 'Untitled';
  const name = fit(shown, LINE_LIMITS.title, escapeMarkdown);
  const link = url && maskedUrl(url);
  const from = fit(oneLine(source), LINE_LIMITS.source, escapeMarkdown);
  const named = link !== null && link.length <= LINE_LIMITS.address ? `[${name}](${link})` : name;
  const above = fit(oneLine(heading ?? ''), LINE_LIMITS.heading, escapeMarkdown);
  return `${above === '' ? '' : `**${above}**\n`}• ${named}${from === '' ? '' : ` · ${from}`}`;
}

/** The simplest form has less room: the names of all, without their links. */
function plainDigest(message: Message): string {
  const title = titleOf(message, LIMITS.title);
  const each = Math.floor((LIMITS.content - title.length) / message.lines.length) - '\n• '.length;
  const lines = message.lines.map((line) => fit(oneLine(line.title) || 'Untitled', each, escapeMarkdown));
  return [title, ...lines.map((line) => `• ${line}`)].join('\n');
}

function card(message: Message): APIEmbed {
  const title = titleOf(message, LIMITS.title);
  const author = fit(oneLine(message.source), LIMITS.author, (text) => text);
  const byline = [message.author ?? '', ...message.topics].map(oneLine).filter((part) => part !== '');
  const footer = fit(byline.join(' · '), LIMITS.footer, (text) => text);
  const left = LIMITS.embed - title.length - author.length - footer.length;
  const description = fit(message.summary.trim(), Math.min(LIMITS.description, left), escapeMarkdown);
  const url = httpAddress(message.url);
  const image = httpAddress(message.imageUrl);
  const timestamp = timestampOf(message.publishedAt);
  return {
    title,
    color: BLURPLE,
    ...(url === null ? {} : { url }),
    ...(description.trim() === '' ? {} : { description }),
    ...(author === '' ? {} : { author: { name: author } }),
    ...(footer === '' ? {} : { footer: { text: footer } }),
    ...(timestamp === null ? {} : { timestamp }),
    ...(image === null ? {} : { thumbnail: { url: image } }),
  };
}

function plainContent(message: Message): string {
  const url = httpAddress(message.url);
  const line = url === null ? '' : `\n${url}`;
  const content = line.length > LIMITS.content / 2 ? '' : line;
  return titleOf(message, LIMITS.content - content.length) + content;
}

/** Discord refuses a title of nothing but white space. */
function titleOf({ title }: Message, max: number): string {
  return fit(oneLine(title) || 'Untitled', max, escapeMarkdown);
}

function oneLine(text: string): string {
  return cleanText(text).replace(/\s+/g, ' ').trim();
}

/** `URL` has percent-encoded every space by now; other schemes and over-long addresses Discord refuses. */
function httpAddress(url: URL | null): string | null {
  if (url === null || (url.protocol !== 'https:' && url.protocol !== 'http:')) return null;
  return url.href.length <= LIMITS.url ? url.href : null;
}

function timestampOf(at: Date | null): string | null {
  return at !== null && at.getTime() >= 0 && at.getTime() < LAST_TIMESTAMP_MS ? at.toISOString() : null;
}

/** The body of an answer to a command. Lines that no longer fit are left out, never cut in the middle of markup. */
export function renderReply(reply: Reply): ReplyBody {
  const shown: string[] = [];
  let left = LIMITS.description - 2;
  for (const line of reply.lines.map((one) => renderLine(one))) {
    if (line.trim() === '') continue;
    if (line.length + 1 > left) {
      shown.push('…');
      break;
    }
    shown.push(line);
    left -= line.length + 1;
  }
  const description = shown.join('\n') || 'Done.';
  return {
    embeds: [{ description, color: BLURPLE }],
    components: buttonRows(reply.buttons),
    allowed_mentions: NO_PINGS as { parse: [] },
  };
}

const LINE_MAX = 1000;

function renderLine(line: ReplyLine): string {
  switch (line.kind) {
    case 'heading':
      return fit(line.text, LINE_MAX, (text) => `**${escapeMarkdown(oneLine(text))}**`);
    case 'text':
      return fit(line.text, LINE_MAX, escapeMarkdown);
    case 'code':
      return fit(line.text, LINE_MAX, codeSpan);
    case 'item': {
      const title = fit(oneLine(line.title) || 'Untitled', LIMITS.title, (text) => linked(text, line.url));
      const detail = fit(oneLine(line.detail), LINE_MAX, escapeMarkdown);
      return detail === '' ? `- ${title}` : `- ${title}\n  ${detail}`;
    }
  }
}

function linked(title: string, url: URL | null): string {
  return httpAddress(url) === null || url === null ? `**${escapeMarkdown(title)}**` : maskedLink(title, url);
}

/** A command too long for a button's `custom_id` gives no button: half a command would do something else. */
function buttonRows(buttons: readonly ReplyButton[]): APIActionRowComponent<APIButtonComponent>[] {
  const usable = [...new Map(buttons.map(({ label, command }) => [command.trim(), label]))]
    .filter(([command, label]) => command !== '' && command.length <= BUTTON.customId && oneLine(label) !== '')
    .slice(0, BUTTON.perRow * BUTTON.rows)
    .map(([command, label]): APIButtonComponent => ({
      type: ComponentType.Button,
      style: ButtonStyle.Secondary,
      label: fit(oneLine(label), BUTTON.label, (text) => text),
      custom_id: command,
    }));
  const rows = Math.ceil(usable.length / BUTTON.perRow);
  return Array.from({ length: rows }, (_, row) => ({
    type: ComponentType.ActionRow,
    components: usable.slice(row * BUTTON.perRow, (row + 1) * BUTTON.perRow),
  }));
}
