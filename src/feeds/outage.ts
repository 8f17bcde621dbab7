import type { Feed, PollHistory } from './feed.js';

const TELLING_FAILURES = 3;
const TELLING_MS = 24 * 3_600_000;

/** What the channels that follow a feed by name are told about the feed itself. */
export interface Notice {
  readonly title: string;
  readonly text: string;
}

/** Worth telling: a short trouble is nobody's business, and each trouble is told once. */
export function isOutage(feed: PollHistory, now: Date): boolean {
  const { failures, failingSince, outageToldAt } = feed;
  if (outageToldAt || !failingSince || failures < TELLING_FAILURES) return false;
  return now.getTime() - failingSince.getTime() >= TELLING_MS;
}

/** `trouble` is to be read after the feed's name. */
export function outageNotice(feed: Feed, trouble: string): Notice {
  const since = feed.failingSince ? ` since ${feed.failingSince.toISOString().slice(0, 10)}` : '';
  return {
    title: `No news from ${nameOf(feed)}${since}`,
    text: `The feed ${trouble}. It is asked again now and then, and you are told when it is back.`,
  };
}

export function goneNotice(feed: Feed): Notice {
  return {
    title: `${nameOf(feed)} has ended`,
    text: 'The feed answered 410 Gone twice: its publisher has removed it for good, so it is asked no more.',
  };
}

export function recoveryNotice(feed: Feed): Notice {
  return {
    title: `${nameOf(feed)} is back`,
    text: 'The feed can be read again. What it holds that is new follows here.',
  };
}

function nameOf({ title, url }: Feed): string {
  return title ?? url.href;
}
