import { LINE_LIMITS, type MessageLine } from '../chat/message.js';
import { NO_BURST } from './burst.js';

/** One message that names many posts, none of which has a message of its own. */
export interface Digest<Line extends MessageLine = MessageLine> {
  /** Says why: "23 new posts from A feed at once". */
  readonly title: string;
  readonly text: string;
  /** In the order they are told; never empty. */
  readonly lines: readonly Line[];
}

/** So many of a burst, the newest, are messages of their own, after the digest. */
export const SHOWN_OF_A_BURST = 3;

export interface BurstPlan<Line extends MessageLine> {
  readonly digests: readonly Digest<Line>[];
  readonly messages: readonly Line[];
}

/** What one channel is told of a burst, given what was promised to it, oldest first. A few posts are no flood to it. */
export function planBurst<Line extends MessageLine>(promised: readonly Line[], feed: string): BurstPlan<Line> {
  if (promised.length <= NO_BURST) return { digests: [], messages: promised };
  const messages = promised.slice(-SHOWN_OF_A_BURST);
  const title = `${String(promised.length)} new posts from ${feed || 'one feed'} at once`;
  const text = `Here are the older ${String(promised.length - messages.length)}; the newest ${String(messages.length)} follow.`;
  const named = promised.slice(0, -SHOWN_OF_A_BURST).map((line) => ({ ...line, source: '' }));
  return { digests: inDigests(named, { title, text }), messages };
}

/** What waits in a channel whose hour is full, oldest first, so that nothing waits for hours. */
export function planRest<Line extends MessageLine>(waiting: readonly Line[], perHour: number): Digest<Line>[] {
  const title = `${String(waiting.length)} more posts`;
  const limit = perHour === 1 ? 'one message' : `${String(perHour)} messages`;
  return inDigests(waiting, { title, text: `This channel takes ${limit} an hour, so they come together.` });
}

/** What a channel's slot brings, ranked: every line may say the topic it stands under, which is shown once. */
export function planHeld<Line extends MessageLine>(lines: readonly Line[]): Digest<Line>[] {
  const digests = inDigests(lines, { title: `${String(lines.length)} new posts`, text: '' });
  return digests.map((digest) => ({ ...digest, lines: withHeadingsOnce(digest.lines) }));
}

/** Keeps the heading of the first line of each topic. */
export function withHeadingsOnce<Line extends MessageLine>(lines: readonly Line[]): Line[] {
  return lines.map((line, index) => {
    const { heading, ...rest } = line;
    return heading !== undefined && heading === lines[index - 1]?.heading ? (rest as Line) : line;
  });
}

/** As many digests as it takes for each to fit one message on every platform. */
function inDigests<Line extends MessageLine>(
  lines: readonly Line[],
  { title, text }: Pick<Digest, 'title' | 'text'>,
): Digest<Line>[] {
  const parts: Line[][] = [];
  let left = -1;
  for (const line of lines) {
    left -= room(line);
    if (left < 0 || parts.at(-1)?.length === MOST_LINES) {
      parts.push([]);
      left = ROOM - room(line);
    }
    parts.at(-1)?.push(line);
  }
  if (parts.length === 1) return [{ title, text, lines }];
  return parts.map((part, index) => ({
    title: `${title} (${String(index + 1)} of ${String(parts.length)})`,
    text: index === 0 ? text : '',
    lines: part,
  }));
}

/** Discord takes 4,096 units in an embed's text, and Slack refuses messages of some 11,000. */
const ROOM = 3_500;
const MOST_LINES = 30;
/** Bullet, brackets, separators. */
const FRAME = 16;

function room({ title, url, source, heading = '' }: MessageLine): number {
  const address = url ? atMost(LINE_LIMITS.address, url.href) : 0;
  const above = heading === '' ? 0 : FRAME + atMost(LINE_LIMITS.heading, heading);
  return (
    above + FRAME + atMost(LINE_LIMITS.title, title || '(untitled)') + atMost(LINE_LIMITS.source, source) + address
  );
}

/** No platform makes more than five characters of one; of letters, digits and spaces it makes one. */
function atMost(limit: number, text: string): number {
  const plain = text.slice(0, limit).match(/[\p{L}\p{M}\p{N} .,]/gu)?.length ?? 0;
  return Math.min(limit, text.length + 4 * (text.length - plain));
}
