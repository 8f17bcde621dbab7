import type { ReplyLine } from '../chat/command.js';
import { text } from '../chat/reply.js';
import type { Sample } from '../deliveries/sample.js';
import { day } from './day.js';

const DAY_MS = 86_400_000;
const TINY = 1e-6;

/** What a subscription would have brought, for the one who subscribes. */
export function sampleLines({ newest, weekly }: Sample): ReplyLine[] {
  const expected = text(weeklySentence(weekly));
  if (weekly.kind === 'unread') return [expected];
  if (newest.length === 0) return [text(NOTHING_FITS), expected];
  return [
    text('The newest that would have been sent:'),
    ...newest.map(({ post, source, outAt }): ReplyLine => {
      return { kind: 'item', title: post.title, url: post.url, detail: `${source} · ${day(outAt)}` };
    }),
    expected,
  ];
}

export const NOTHING_FITS = 'Of the newest posts that are stored, none would have been sent.';

/** "Expect about 12 posts a week, going by the last 4 weeks." */
export function weeklySentence(weekly: Sample['weekly']): string {
  switch (weekly.kind) {
    case 'unread':
      return 'There are no posts yet: nothing of it has been read so far.';
    case 'too-early':
      return 'How many a week to expect can be said after a day of following.';
    case 'measured': {
      const over = `the last ${spanOf(weekly.overMs)}`;
      if (weekly.perWeek === 0) return `None came in ${over}.`;
      return `Expect ${amountOf(weekly)}, going by ${over}.`;
    }
  }
}

function amountOf({ perWeek, precision }: Extract<Sample['weekly'], { kind: 'measured' }>): string {
  const isAbout = precision === 'about';
  // Sums of shares end a little beside the whole number they mean.
  if (perWeek < 1 - TINY) return isAbout ? 'less than one post a week' : 'a post now and then';
  const count = isAbout ? Math.round(perWeek) : Math.floor(perWeek + TINY);
  return `${isAbout ? 'about' : 'at least'} ${String(count)} ${count === 1 ? 'post' : 'posts'} a week`;
}

function spanOf(ms: number): string {
  const days = Math.floor(ms / DAY_MS);
  if (days >= 28) return '4 weeks';
  return days === 1 ? 'day' : `${String(days)} days`;
}
