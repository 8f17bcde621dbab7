import type { FeedId, SubscriptionId, TopicId } from '../ids.js';
import type { Pool } from 'pg';
import type { ChannelRef, Platform } from '../chat/channel.js';
import { later } from '../clock.js';
import { AT_ONCE, scheduleText, whenText, type Schedule } from '../subscriptions/schedule.js';
import { readWhen } from '../subscriptions/when.js';
import type { Subscription, Target } from '../subscriptions/subscription.js';
import type { SubscriptionStore, SubscriptionView } from '../subscriptions/subscription-store.js';
import { channelIdOf } from './channels.js';
import { createMuteQueries } from './mutes.js';
import { row, rows, transaction } from './rows.js';

const WEEK_MS = 7 * 86_400_000;

export function createSubscriptionStore(pool: Pool): SubscriptionStore {
  return {
    ...createMuteQueries(pool),
    add: ({ channel, target, createdBy, schedule }, now) =>
      transaction(pool, async (db) => {
        const channelId = await channelIdOf(db, channel);
        const values = [channelId, ...targetColumns(target)];
        const added = await row(db, ADD, [...values, createdBy, now, ...scheduleColumns(schedule ?? AT_ONCE)]);
        const stored = await row<SubscriptionRow>(db, FIND, values);
        if (!stored) throw new Error('a subscription vanished while it was added');
        const subscription = subscriptionOf(stored);
        if (added !== null || !schedule || scheduleText(schedule) === scheduleText(subscription.schedule)) {
          return { subscription, added: added !== null, changed: false };
        }
        await rows(db, RESCHEDULE, [subscription.id, ...scheduleColumns(schedule)]);
        return { subscription: { ...subscription, schedule }, added: false, changed: true };
      }),
    remove: async (id) => (await row(pool, 'delete from subscriptions where id = $1 returning id', [id])) !== null,
    list: async (channel, now) => {
      const found = await rows<ViewRow>(pool, LIST, [
        later(now, -WEEK_MS),
        channel?.platform ?? null,
        channel?.workspaceId ?? null,
        channel?.channelId ?? null,
      ]);
      return found.map(viewOf);
    },
    reachableFrom: async (feedIds) => (await rows<SubscriptionRow>(pool, REACHABLE, [feedIds])).map(subscriptionOf),
  };
}

interface SubscriptionRow {
  id: SubscriptionId;
  platform: Platform;
  workspace_id: string;
  channel_id: string;
  kind: Target['kind'];
  feed_id: FeedId | null;
  topic_id: TopicId | null;
  query: string | null;
  created_by: string;
  created_at: Date;
  told: string | null;
  time_zone: string;
}

interface ViewRow extends SubscriptionRow {
  feed_url: string | null;
  feed_title: string | null;
  trouble: string | null;
  troubled_since: Date | null;
  sent: number;
}

const COLUMNS = `s.id, c.platform, c.workspace_id, c.channel_id, s.kind, s.feed_id, s.topic_id, s.query,
  s.created_by, s.created_at, s.told, s.time_zone`;

const ADD = /* sql */ `
  insert into subscriptions (channel_id, kind, feed_id, topic_id, query, created_by, created_at, told, time_zone)
  values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
  on conflict do nothing
  returning id`;

const RESCHEDULE = /* sql */ `
  update subscriptions set told = $2, time_zone = $3 where id = $1`;

const FIND = /* sql */ `
  select ${COLUMNS} from subscriptions s join channels c on c.id = s.channel_id
   where s.channel_id = $1 and s.kind = $2
     and s.feed_id is not distinct from $3::uuid and s.topic_id is not distinct from $4::text
     and s.query is not distinct from $5::text`;

const LIST = /* sql */ `
  select ${COLUMNS}, f.url as feed_url, f.title as feed_title, coalesce(c.trouble, p.reason) as trouble,
         case when c.trouble is null then p.paused_at else c.troubled_since end as troubled_since,
         (select count(*)::int from deliveries d
           where d.channel_id = c.id and d.state = 'sent' and d.settled_at > $1) as sent
    from subscriptions s join channels c on c.id = s.channel_id left join feeds f on f.id = s.feed_id
         left join lateral (
           select reason, paused_at from pauses
            where platform = c.platform and workspace_id in ('', c.workspace_id) and channel_id in ('', c.channel_id)
              and (until is null or until > now()) order by paused_at limit 1) p on true
   where $2::text is null or (c.platform, c.workspace_id, c.channel_id) = ($2, $3, $4)
   order by s.created_at, s.id`;

const REACHABLE = /* sql */ `
  select ${COLUMNS} from subscriptions s join channels c on c.id = s.channel_id
   where s.feed_id = any ($1) or s.feed_id is null
   order by s.created_at, s.id`;

/** kind, feed_id, topic_id, query. */
function targetColumns(target: Target): (string | null)[] {
  switch (target.kind) {
    case 'feed':
      return ['feed', target.feedId, null, null];
    case 'topic':
      return ['topic', null, target.topicId, null];
    case 'query':
      return ['query', null, null, target.text];
    case 'everything':
      return ['everything', null, null, null];
  }
}

function subscriptionOf(stored: SubscriptionRow): Subscription {
  return {
    id: stored.id,
    channel: channelOf(stored),
    target: targetOf(stored),
    schedule: scheduleOf(stored),
    createdBy: stored.created_by,
    createdAt: stored.created_at,
  };
}

function scheduleColumns({ when, timeZone }: Schedule): (string | null)[] {
  return [when.kind === 'at-once' ? null : whenText(when), timeZone];
}

function scheduleOf({ told, time_zone: timeZone }: SubscriptionRow): Schedule {
  const read = readWhen(told ?? '');
  if (read.kind === 'trouble') throw new Error(`a stored schedule cannot be read: ${told ?? ''}`);
  return { when: read.when, timeZone };
}

function viewOf(stored: ViewRow): SubscriptionView {
  return {
    ...subscriptionOf(stored),
    feedUrl: stored.feed_url,
    feedTitle: stored.feed_title,
    channelTrouble: stored.trouble,
    troubledSince: stored.troubled_since,
    sentLast7Days: stored.sent,
  };
}

function channelOf(stored: SubscriptionRow): ChannelRef {
  return { platform: stored.platform, workspaceId: stored.workspace_id, channelId: stored.channel_id };
}

function targetOf({ kind, feed_id: feedId, topic_id: topicId, query }: SubscriptionRow): Target {
  if (kind === 'feed' && feedId) return { kind, feedId };
  if (kind === 'topic' && topicId) return { kind, topicId };
  if (kind === 'query' && query !== null) return { kind, text: query };
  return { kind: 'everything' };
}
