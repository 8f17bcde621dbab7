import { followedAt } from '../feeds/feed-address.js';
import type { Feed } from '../feeds/feed.js';
import { CliError, EXIT } from './exit.js';
import type { CliSession } from './session.js';

/** @throws CliError when no feed is followed there, in any spelling. */
export async function followedFeed({ feeds }: Pick<CliSession, 'feeds'>, url: URL): Promise<Feed> {
  const feed = await followedAt(feeds, url);
  if (feed) return feed;
  throw new CliError(
    EXIT.badInput,
    `no feed is followed at ${url.href}. tidings feed list shows those that are; to follow it: tidings feed add ${url.href}`,
  );
}
