import type { Pool } from 'pg';
import type { Platform } from '../chat/channel.js';
import type { FeedId } from '../ids.js';
import type { MuteTarget, MuteView } from '../subscriptions/mute.js';
import type { SubscriptionStore } from '../subscriptions/subscription-store.js';
import { channelIdOf } from './channels.js';
import { row, rows, transaction } from './rows.js';

export function createMuteQueries(pool: Pool): Pick<SubscriptionStore, 'mute' | 'unmute' | 'mutes'> {
  return {
    mute: ({ channel, target, until }, createdBy, now) =>
      transaction(pool, async (db) => {
        const id = await channelIdOf(db, channel);
        await rows(db, MUTE, [id, ...columnsOf(target), until, createdBy, now]);
      }),
    unmute: async ({ platform, workspaceId, channelId }, target) =>
      (await row(pool, UNMUTE, [platform, workspaceId, channelId, ...columnsOf(target)])) !== null,
    mutes: async (channel, now) => {
      const { platform = null, workspaceId = null, channelId = null } = channel ?? {};
      return (await rows<MuteRow>(pool, MUTES, [now, platform, workspaceId, channelId])).map(viewOf);
    },
  };
}

/** feed_id, query. */
function columnsOf(target: MuteTarget): (string | null)[] {
  return target.kind === 'feed' ? [target.feedId, null] : [null, target.text];
}

interface MuteRow {
  platform: Platform;
  workspace_id: string;
  channel_id: string;
  feed_id: FeedId | null;
  query: string | null;
  until: Date | null;
  feed_title: string | null;
  feed_url: string | null;
}

function viewOf(stored: MuteRow): MuteView {
  const { feed_id: feedId, query } = stored;
  return {
    channel: { platform: stored.platform, workspaceId: stored.workspace_id, channelId: stored.channel_id },
    target: feedId === null ? { kind: 'query', text: query ?? '' } : { kind: 'feed', feedId },
    until: stored.until,
    feedTitle: stored.feed_title,
    feedUrl: stored.feed_url,
  };
}

const MUTE = /* sql */ `
  insert into mutes (channel_id, feed_id, query, until, created_by, created_at) values ($1, $2, $3, $4, $5, $6)
  on conflict (channel_id, coalesce(feed_id::text, query))
    do update set until = excluded.until, created_by = excluded.created_by`;

const UNMUTE = /* sql */ `
  delete from mutes m using channels c
   where c.id = m.channel_id and (c.platform, c.workspace_id, c.channel_id) = ($1, $2, $3)
     and m.feed_id is not distinct from $4::uuid and m.query is not distinct from $5::text
  returning m.id`;

const MUTES = /* sql */ `
  select c.platform, c.workspace_id, c.channel_id, m.feed_id, m.query, m.until, f.title as feed_title, f.url as feed_url
    from mutes m join channels c on c.id = m.channel_id left join feeds f on f.id = m.feed_id
   where (m.until is null or m.until > $1::timestamptz)
     and ($2::text is null or (c.platform, c.workspace_id, c.channel_id) = ($2, $3::text, $4::text))
   order by m.created_at, m.id`;
