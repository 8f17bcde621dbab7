import type { types } from '@slack/bolt';
import { LINE_LIMITS, type Message, type MessageLine } from '../../src/chat/message.js';
import { bold, link, linkAddress, manyLines, mrkdwn, oneLine, plainText } from './escape.js';

/** What `chat.postMessage` and `chat.update` take. `text` is what notifications show, and all there is without blocks. */
export interface SlackMessage {
  readonly text: string;
  readonly blocks: readonly types.KnownBlock[];
}

/**
 * Slack allows 3,000 characters in a text object, 4,000 in the `text` of an update, and, undocumented, some 12,000 in
 * all blocks of a message. These parts together stay below 5,000.
 */
const LIMITS = {
  title: 500,
  address: 1_800,
  summary: 600,
  section: 2_900,
  about: 1_000,
  altText: 300,
  imageUrl: 3_000,
} as const;

/** A message as Block Kit: title (linked) and summary beside the picture; below, who wrote it, when, and its topics. */
export function renderMessage(message: Message): SlackMessage {
  if (message.lines.length > 0) return digest(message);
  const title = linkedTitle(message);
  if (message.format === 'plain') return { text: title, blocks: [] };
  const about = aboutLine(message);
  return {
    text: fallback(message),
    blocks: [section(message, title), ...(about === '' ? [] : [context(about)])],
  };
}

interface TitleLimits {
  readonly title: number;
  readonly address: number;
}

/** A linked title. One that itself looks like an address is not the link: it could name another site than it opens. */
export function titleLink(title: string, url: URL | null, limits: TitleLimits = LIMITS): string {
  const shown = oneLine(title) || '(untitled)';
  const address = url && linkAddress(url, limits.address);
  if (!url || address === null) return mrkdwn(shown, limits.title);
  if (!looksLikeAddress(shown)) return link(address, shown, limits.title);
  return `${mrkdwn(shown, limits.title)} ${link(address, url.host, limits.title)}`;
}

/** A mrkdwn text object that Slack does not search for names and addresses to link. */
export function verbatim(text: string): types.MrkdwnElement {
  return { type: 'mrkdwn', text, verbatim: true };
}

function looksLikeAddress(title: string): boolean {
  return /:\/\/|^www\.|^[^\s/]+\.\p{L}{2,}(?:\/\S*)?$/iu.test(title);
}

function linkedTitle({ title, url }: Message): string {
  return titleLink(title, url);
}

/** A heading, and below it one line for each post, in as few sections as hold them. */
function digest(message: Message): SlackMessage {
  const title = mrkdwn(oneLine(message.title) || '(untitled)', LIMITS.title);
  const why = mrkdwn(oneLine(message.summary), LIMITS.summary);
  const lines = message.lines.map(digestLine);
  if (message.format === 'plain') return { text: [title, ...lines].join('\n'), blocks: [] };
  const parts: string[] = [why === '' ? bold(title) : `${bold(title)}\n${why}`];
  for (const line of lines) {
    const last = parts.at(-1) ?? '';
    if (parts.length > 1 && last.length + 1 + line.length <= LIMITS.section)
      parts[parts.length - 1] = `${last}\n${line}`;
    else parts.push(line);
  }
  return { text: title, blocks: parts.map((text) => ({ type: 'section', text: verbatim(text) })) };
}

function digestLine({ title, url, source, heading }: MessageLine): string {
  const name = titleLink(title, url, { title: LINE_LIMITS.title, address: LINE_LIMITS.address });
  const from = mrkdwn(oneLine(source), LINE_LIMITS.source);
  const above = mrkdwn(oneLine(heading ?? ''), LINE_LIMITS.heading);
  return `${above === '' ? '' : `${bold(above)}\n`}• ${name}${from === '' ? '' : ` · ${from}`}`;
}

function section(message: Message, title: string): types.SectionBlock {
  const summary = mrkdwn(manyLines(message.summary), LIMITS.summary);
  const text = verbatim(summary === '' ? bold(title) : `${bold(title)}\n${summary}`);
  const accessory = picture(message);
  return accessory ? { type: 'section', text, accessory } : { type: 'section', text };
}

function picture({ imageUrl, title }: Message): types.ImageElement | null {
  if (!imageUrl || imageUrl.href.length > LIMITS.imageUrl) return null;
  const altText = plainText(oneLine(title) || 'Picture', LIMITS.altText);
  return { type: 'image', image_url: imageUrl.href, alt_text: altText };
}

function context(text: string): types.ContextBlock {
  return { type: 'context', elements: [verbatim(text)] };
}

function aboutLine({ source, author, publishedAt, topics }: Message): string {
  const names = topics.map(oneLine).filter((name) => name !== '');
  const parts = [
    mrkdwn(oneLine(source), LIMITS.about / 4),
    mrkdwn(oneLine(author ?? ''), LIMITS.about / 4),
    publishedAt ? dateToken(publishedAt) : '',
    mrkdwn(names.join(', '), LIMITS.about / 4),
  ];
  return parts.filter((part) => part !== '').join(' · ');
}

/**
 * Shown in each reader's own time zone.
 * @see https://docs.slack.dev/messaging/formatting-message-text#date-formatting
 */
function dateToken(at: Date): string {
  const inUtc = `${at.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
  const seconds = Math.floor(at.getTime() / 1_000);
  return seconds > 0 ? `<!date^${String(seconds)}^{date_short_pretty} {time}|${inUtc}>` : inUtc;
}

function fallback({ title, source }: Message): string {
  const name = oneLine(source);
  const shown = mrkdwn(oneLine(title) || '(untitled)', LIMITS.title);
  return name === '' ? shown : `${shown} · ${mrkdwn(name, LIMITS.about / 4)}`;
}
