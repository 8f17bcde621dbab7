import type { FeedSettings } from '../feeds/feed.js';
import { counted } from './counted.js';
import { print, withSession, type CliContext, type JsonOption } from './context.js';
import { CliError, EXIT } from './exit.js';
import { followedFeed } from './followed.js';
import { oneLine } from './table.js';
import { interval } from './times.js';
import { readEvery, readFeedUrl, readSwitch } from './typed.js';

export interface SetOptions extends JsonOption {
  readonly every?: string;
  readonly insecureTls?: string;
  readonly pagePictures?: string;
  readonly announceOld?: string;
  readonly repostUpdates?: string;
}

export async function set(context: CliContext, typed: string, options: SetOptions): Promise<void> {
  const url = readFeedUrl(typed);
  const wanted = wantedBy(options);
  await withSession(context, async (session) => {
    const { id } = await followedFeed(session, url);
    await session.feeds.set(id, wanted);
    const feed = await followedFeed(session, url);
    const text = `${oneLine(feed.title ?? feed.url.href)} is polled ${settingsText(feed.settings)}.\n`;
    print(context.io, options, { value: { id, url: feed.url, title: feed.title, ...feed.settings }, text });
  });
}

function wantedBy({ every, insecureTls, pagePictures, announceOld, repostUpdates }: SetOptions): Partial<FeedSettings> {
  const wanted: Partial<FeedSettings> = {
    ...(every !== undefined && { everyMs: readEvery(every) }),
    ...(insecureTls !== undefined && { verifyTls: !readSwitch('--insecure-tls', insecureTls) }),
    ...(pagePictures !== undefined && { pagePictures: readSwitch('--page-pictures', pagePictures) }),
    ...(announceOld !== undefined && { announceOld: readSwitch('--announce-old', announceOld) }),
    ...(repostUpdates !== undefined && { repostUpdates: readSwitch('--repost-updates', repostUpdates) }),
  };
  if (Object.keys(wanted).length > 0) return wanted;
  const switches = '--insecure-tls, --page-pictures, --announce-old or --repost-updates <on|off>';
  throw new CliError(EXIT.usage, `say --every <5m to 24h|auto>, ${switches}`);
}

function settingsText({ everyMs, verifyTls, pagePictures, announceOld, repostUpdates }: FeedSettings): string {
  const parts = [
    everyMs === null ? 'as often as it needs' : `every ${interval(everyMs)}`,
    ...(verifyTls ? [] : ['whatever certificate its server shows']),
    ...(pagePictures ? ['with pictures from the pages of its posts'] : []),
    ...(announceOld ? ['and announced even where it begins to show its past'] : []),
    ...(repostUpdates ? ['and posts told again when they are rewritten within a week'] : []),
  ];
  return parts.join(', ');
}

export async function remove(context: CliContext, typed: string, options: JsonOption): Promise<void> {
  const url = readFeedUrl(typed);
  await withSession(context, async (session) => {
    const { id, url: address } = await followedFeed(session, url);
    const view = (await session.feeds.list()).find((feed) => feed.id === id);
    await session.feeds.remove(id);
    const { posts = 0, subscriptions = 0, title = null } = view ?? {};
    const name = title === null ? address.href : `${oneLine(title)} (${address.href})`;
    const ended = subscriptions > 0 ? ` ${counted(subscriptions, 'subscription', 'subscriptions')} to it ended.` : '';
    const text = `No longer following ${name}. ${keptText(posts)}${ended}\n`;
    print(context.io, options, {
      value: { removed: true, id, url: address, title, posts, subscriptions },
      text,
    });
  });
}

/** Posts belong to nobody: only what ties them to this feed goes. */
function keptText(posts: number): string {
  if (posts === 0) return 'It had no posts.';
  return `${posts === 1 ? 'Its post stays and is' : `Its ${String(posts)} posts stay and are`} still found by search.`;
}
