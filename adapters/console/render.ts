import type { Colors } from 'picocolors/types.js';
import wrapAnsi from 'wrap-ansi';
import { alsoInText } from '../../src/chat/also-in.js';
import { channelName, type ChannelRef } from '../../src/chat/channel.js';
import type { Message, MessageLine } from '../../src/chat/message.js';
import { terminalJson, terminalLine, terminalLines } from './escape.js';

export interface Style {
  readonly columns: number;
  readonly colours: Pick<Colors, 'bold' | 'dim' | 'cyan'>;
}

/** One message and where it goes. `corrected` is set when it replaces what was shown before. */
export interface Shown {
  readonly channel: ChannelRef;
  readonly id: string;
  readonly message: Message;
  readonly corrected: boolean;
}

const INDENT = '  ';
const NARROWEST_COLUMNS = 24;
/** Far above what a title or a summary needs: wrapping takes time that grows with the square of a long word. */
const MAX_CHARACTERS = 1_000;

/** A message as a person reads it. All but the first line is indented, so that no feed can forge a second message. */
export function renderText({ channel, message, corrected }: Shown, { columns, colours }: Style): string {
  const wrap = (text: string): string[] =>
    wrapAnsi(cut(text), Math.max(columns, NARROWEST_COLUMNS) - INDENT.length, { hard: true }).split('\n');
  const title = `${corrected ? 'corrected: ' : ''}${terminalLine(message.title) || '(untitled)'}`;
  const about = message.format === 'bare' ? '' : aboutLine(message);
  const summary = message.format === 'bare' ? [] : terminalLines(message.summary);
  const lines = [
    ...wrap(title).map(colours.bold),
    ...(about ? wrap(about).map(colours.dim) : []),
    ...summary.flatMap(wrap),
    ...message.lines.flatMap((line) => [
      ...(line.heading === undefined ? [] : wrap(terminalLine(line.heading)).map(colours.bold)),
      ...wrap(`· ${lineOf(line)}`),
      ...(line.url ? [colours.cyan(`  ${terminalLine(line.url.href)}`)] : []),
    ]),
    ...(message.url ? [colours.cyan(terminalLine(message.url.href))] : []),
  ];
  const body = lines.map((line) => (line === '' ? '\n' : `${INDENT}${line}\n`)).join('');
  return `${colours.dim(terminalLine(channelName(channel)))}\n${body}\n`;
}

/** The same as one line of JSON; a correction repeats the id of what it corrects. */
export function renderJson({ channel, id, message, corrected }: Shown): string {
  const { title, url, source, author, publishedAt, topics, summary, imageUrl, lines, alsoIn } = message;
  const shown = {
    channel: channelName(channel),
    id,
    title,
    url: url?.href ?? null,
    source,
    author,
    publishedAt: publishedAt?.toISOString() ?? null,
    topics,
    summary,
    imageUrl: imageUrl?.href ?? null,
    ...(alsoIn.length > 0 && { alsoIn }),
    ...(lines.length > 0 && { lines: lines.map((line) => ({ ...line, url: line.url?.href ?? null })) }),
    ...(corrected ? { corrected } : {}),
  };
  return `${terminalJson(shown)}\n`;
}

function lineOf({ title, source }: MessageLine): string {
  const from = terminalLine(source);
  return `${terminalLine(title) || '(untitled)'}${from === '' ? '' : ` (${from})`}`;
}

function aboutLine({ source, author, publishedAt, topics, alsoIn }: Message): string {
  const when = publishedAt ? `${publishedAt.toISOString().slice(0, 16).replace('T', ' ')} UTC` : '';
  return [source, author ?? '', when, topics.join(', '), alsoInText(alsoIn)]
    .map(terminalLine)
    .filter((part) => part !== '')
    .join(' · ');
}

function cut(text: string): string {
  return text.length <= MAX_CHARACTERS ? text : `${text.slice(0, MAX_CHARACTERS).replace(/[\ud800-\udbff]$/, '')}…`;
}
