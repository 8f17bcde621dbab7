import { later } from '../clock.js';
import type { FeedView } from '../feeds/feed-store.js';
import { counted } from './counted.js';
import { print, withSession, type CliContext, type JsonOption } from './context.js';
import type { CliIo } from './session.js';
import { table } from './table.js';
import { interval, relative } from './times.js';

/** So long a gap is worth showing. */
const GAP_SHOWN_MS = 7 * 86_400_000;

export async function list(context: CliContext, options: JsonOption): Promise<void> {
  await withSession(context, async (session) => {
    const feeds = await session.feeds.list();
    const text = options.json ? '' : listText(feeds, session.clock(), context.io);
    print(context.io, options, { value: feeds.map(feedJson), text });
  });
}

function listText(feeds: readonly FeedView[], now: Date, io: CliIo): string {
  if (feeds.length === 0) return 'No feed is followed. Add one: tidings feed add https://example.org/feed.xml\n';
  const rows = feeds.map((feed) => [
    feed.title ?? '',
    feed.url.href,
    String(feed.posts),
    String(feed.subscriptions),
    relative(feed.lastPolledAt, now),
    relative(feed.nextPollAt, now),
    health(feed, now),
  ]);
  const head = ['Title', 'Address', 'Posts', 'Subscriptions', 'Polled', 'Next', 'Health'];
  return table(head, rows, io);
}

function health(feed: FeedView, now: Date): string {
  const { trouble, failures, lastPolledAt, gapAt, pushedUntil, settings } = feed;
  const state = trouble === null ? (lastPolledAt === null ? 'not polled yet' : 'ok') : troubleText(trouble, failures);
  return [
    state,
    ...(pushedUntil !== null && pushedUntil > now ? ['its hub pushes what is new'] : []),
    ...(gapAt !== null && later(gapAt, GAP_SHOWN_MS) > now ? [`may have missed entries ${relative(gapAt, now)}`] : []),
    ...(settings.everyMs === null ? [] : [`set to every ${interval(settings.everyMs)}`]),
    ...(settings.verifyTls ? [] : ['TLS not verified']),
  ].join('; ');
}

function troubleText(trouble: string, failures: number): string {
  return failures === 0 ? trouble : `${trouble} (${counted(failures, 'failure', 'failures')} in a row)`;
}

function feedJson(feed: FeedView): object {
  const { id, url, title, siteUrl, posts, subscriptions, addedAt, lastPolledAt, nextPollAt, primedAt } = feed;
  const { failures, trouble, gapAt, pushedUntil, identityMode, settings } = feed;
  return {
    ...{ id, url, title, posts, subscriptions, lastPolledAt, nextPollAt, primedAt, failures, trouble },
    ...{ siteUrl, addedAt, gapAt, pushedUntil, identityMode, ...settings },
  };
}
