import type { ChannelRef } from '../../src/chat/channel.js';
import { channelName } from '../../src/chat/channel.js';
import { NO_HINTS, NO_VALIDATORS, UNTRIED, type Feed } from '../../src/feeds/feed.js';
import type { WhyStore } from '../../src/deliveries/why.js';
import type { SampleStore } from '../../src/deliveries/sample.js';
import type { FeedStore } from '../../src/feeds/feed-store.js';
import type { FeedId, PostId, SubscriptionId } from '../../src/ids.js';
import type { Post } from '../../src/posts/post.js';
import type { PostStore } from '../../src/search/search-posts.js';
import type { MuteTarget, MuteView } from '../../src/subscriptions/mute.js';
import type { SubscriptionStore, SubscriptionView } from '../../src/subscriptions/subscription-store.js';
import { AT_ONCE, scheduleText } from '../../src/subscriptions/schedule.js';
import { matchesQuery } from '../../src/topics/match.js';
import { parseQuery } from '../../src/topics/parse-query.js';
import { wordsOf } from '../../src/topics/words.js';

/** What the in-memory stores hold. A test changes it to change the world. */
export interface MemoryWorld {
  readonly feeds: Feed[];
  readonly posts: Post[];
  readonly subscriptions: SubscriptionView[];
}

export function memoryFeed(url: string, title: string | null = null): Feed {
  return {
    id: `feed-${url}` as FeedId,
    url: new URL(url),
    title,
    validators: NO_VALIDATORS,
    bodyHash: null,
    failures: 0,
    nextPollAt: new Date(0),
    lastPolledAt: null,
    primedAt: null,
    notBefore: null,
    failingSince: null,
    newAt: [],
    newShare: 0,
    hints: NO_HINTS,
    conditions: UNTRIED,
    subscribers: 0,
    settings: { everyMs: null, verifyTls: true, pagePictures: false, announceOld: false, repostUpdates: false },
    pushedUntil: null,
    goneSince: null,
    gapAt: null,
    outageToldAt: null,
    move: null,
  };
}

export function memoryPost(title: string, rest: Partial<Post> = {}): Post {
  return {
    id: `post-${title}` as PostId,
    title,
    url: new URL('https://example.org/post'),
    author: null,
    text: '',
    tags: [],
    imageUrl: null,
    publishedAt: new Date('2026-03-03T12:00:00Z'),
    firstSeenAt: new Date('2026-03-03T13:00:00Z'),
    ...rest,
  };
}

export function createMemoryFeeds({ feeds }: MemoryWorld): Pick<FeedStore, 'byUrl'> {
  return { byUrl: (url) => Promise.resolve(feeds.find((feed) => feed.url.href === url.href) ?? null) };
}

/** Every post that matches, in the order of the world. */
export function createMemoryPosts({ posts }: MemoryWorld): PostStore {
  return {
    search: (words, page, pageSize) => {
      const found = posts.filter((post) => matchesQuery(post, parseQuery(words)));
      const hits = found.slice((page - 1) * pageSize, page * pageSize).map((post) => ({ post, source: 'Example' }));
      return Promise.resolve({ hits, more: found.length > page * pageSize });
    },
    like: (asked, page, pageSize) => {
      const id = 'id' in asked ? asked.id : null;
      const title = 'title' in asked ? asked.title : posts.find((post) => post.id === id)?.title;
      if (title === undefined) return Promise.resolve(null);
      const found = posts.filter(
        (post) => post.id !== id && wordsOf(post.title).some((word) => wordsOf(title).includes(word)),
      );
      const hits = found.slice((page - 1) * pageSize, page * pageSize).map((post) => ({ post, source: 'Example' }));
      return Promise.resolve({ title, hits, more: found.length > page * pageSize });
    },
  };
}

/** Every post of the world, as its first feed announced it; followed for long. */
export function createMemorySamples({ feeds, posts }: MemoryWorld): SampleStore {
  const feedId = feeds[0]?.id ?? ('feed' as FeedId);
  return {
    recent: () => {
      const followedSince = new Date('2025-01-01T00:00:00Z');
      const recent = posts.map((post) => {
        const { firstSeenAt, publishedAt } = post;
        const outAt = publishedAt ?? firstSeenAt;
        return { post, feedId, source: 'Example', announced: true, arrivedAt: firstSeenAt, outAt, followedSince };
      });
      return Promise.resolve({
        posts: recent,
        more: false,
        firstFollowedAt: followedSince,
        lastFollowedAt: followedSince,
      });
    },
  };
}

/** A post by its link or its title, of which one channel of another workspace heard as well. */
export function createMemoryWhy({ posts }: MemoryWorld): WhyStore {
  return {
    why: (asked) => {
      const post = posts.find(({ title, url }) => title === asked || url?.href === asked);
      if (!post) return Promise.resolve({ kind: 'not-stored', hint: 'Never seen.' });
      const there = { platform: 'slack', workspaceId: 'T2', channelId: 'C2' } as const;
      const sighting = { feedTitle: 'Example', feedUrl: 'https://example.org/feed', firstSeenAt: post.firstSeenAt };
      const arrival = { fate: 'announced', sameBy: null, copies: 0, identityMode: null } as const;
      const matched = { matchedAt: post.firstSeenAt, wanted: 2, promised: 1, events: [] };
      const filtered = [
        { channel: there, until: null },
        { channel: { platform: 'slack', workspaceId: 'T1', channelId: 'C1' } as const, until: null },
      ];
      const sightings = [{ ...sighting, ...arrival, ...matched, filtered }];
      return Promise.resolve({ kind: 'stored', post, sightings, deliveries: [], amendment: null, others: [] });
    },
  };
}

type Subscriptions = Pick<SubscriptionStore, 'add' | 'remove' | 'list' | 'mute' | 'unmute' | 'mutes'>;

export function createMemorySubscriptions({ feeds, subscriptions }: MemoryWorld): Subscriptions {
  const inChannel = (channel: ChannelRef | null): SubscriptionView[] =>
    subscriptions.filter((each) => channel === null || channelName(each.channel) === channelName(channel));
  let made = 0;
  const mutes: MuteView[] = [];
  const muteAt = (channel: ChannelRef, target: MuteTarget): number =>
    mutes.findIndex(
      (one) =>
        channelName(one.channel) === channelName(channel) && JSON.stringify(one.target) === JSON.stringify(target),
    );
  return {
    add: ({ channel, target, createdBy, schedule }, now) => {
      const known = inChannel(channel).find((each) => JSON.stringify(each.target) === JSON.stringify(target));
      if (known) {
        const changed = schedule !== undefined && scheduleText(schedule) !== scheduleText(known.schedule);
        const subscription = changed ? { ...known, schedule } : known;
        subscriptions.splice(subscriptions.indexOf(known), 1, subscription);
        return Promise.resolve({ subscription, added: false, changed });
      }
      const feed = feeds.find(({ id }) => target.kind === 'feed' && id === target.feedId);
      made += 1;
      const added: SubscriptionView = {
        id: `00000000-0000-4000-8000-${String(made).padStart(12, '0')}` as SubscriptionId,
        channel,
        target,
        schedule: schedule ?? AT_ONCE,
        createdBy,
        createdAt: now,
        feedUrl: feed?.url.href ?? null,
        feedTitle: feed?.title ?? null,
        channelTrouble: null,
        troubledSince: null,
        sentLast7Days: 0,
      };
      subscriptions.push(added);
      return Promise.resolve({ subscription: added, added: true, changed: false });
    },
    remove: (id) => {
      const index = subscriptions.findIndex((each) => each.id === id);
      if (index >= 0) subscriptions.splice(index, 1);
      return Promise.resolve(index >= 0);
    },
    list: (channel) => Promise.resolve(inChannel(channel)),
    mute: (mute) => {
      const feed = feeds.find(({ id }) => mute.target.kind === 'feed' && id === mute.target.feedId);
      const at = muteAt(mute.channel, mute.target);
      mutes.splice(at < 0 ? mutes.length : at, 1, {
        ...mute,
        feedTitle: feed?.title ?? null,
        feedUrl: feed?.url.href ?? null,
      });
      return Promise.resolve();
    },
    unmute: (channel, target) => {
      const at = muteAt(channel, target);
      if (at >= 0) mutes.splice(at, 1);
      return Promise.resolve(at >= 0);
    },
    mutes: (channel, now) =>
      Promise.resolve(
        mutes.filter(
          (one) =>
            (channel === null || channelName(one.channel) === channelName(channel)) &&
            (one.until === null || one.until > now),
        ),
      ),
  };
}
