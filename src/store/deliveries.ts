import type { DeliveryId } from '../ids.js';
import type { Pool } from 'pg';
import type { Platform } from '../chat/channel.js';
import type { NextState, Verdict } from '../deliveries/delivery.js';
import type { ClaimedDelivery, DeliveryStore } from '../deliveries/delivery-store.js';
import { createDigestQueries, type StoredNotice } from './digests.js';
import { quietOf } from './channels.js';
import { createHeldQueries } from './held.js';
import { createMatchQueries } from './match.js';
import type { PostRow } from './posts.js';
import { row, rows, urlOrNull } from './rows.js';

const UNIQUE_VIOLATION = '23505';

export function createDeliveryStore(pool: Pool): DeliveryStore {
  return {
    ...createMatchQueries(pool),
    ...createDigestQueries(pool),
    ...createHeldQueries(pool),
    due: async (now, platforms, limit) => ids<DeliveryId>(await rows(pool, DUE, [now, platforms, limit])),
    claim: async (id, platforms, now, leaseUntil) =>
      (await claim(pool, CLAIM_PENDING, [id, now, leaseUntil, platforms])) ??
      (await claim(pool, CLAIM_UNKNOWN, [id, now, leaseUntil, platforms])),
    record: async (claimed, verdict, now) => {
      const stored = await row<{ channel_id: string }>(pool, RECORD, recordValues(claimed, verdict));
      if (!stored) return null;
      return (await row<{ id: DeliveryId }>(pool, NEXT, [stored.channel_id, now]))?.id ?? null;
    },
    nextDueAt: async (platforms) => (await row<{ at: Date | null }>(pool, NEXT_DUE_AT, [platforms]))?.at ?? null,
  };
}

const DUE = /* sql */ `
  (select d.id from channels c cross join lateral (
            select id from deliveries
             where channel_id = c.id and state = 'pending' and due_at <= $1 order by seq limit 1) d
    where c.platform = any ($2) and c.ready_at <= $1 and c.paced_until <= $1
      and not exists (select from deliveries where channel_id = c.id and state = 'sending')
    limit $3)
  union all
  (select d.id from deliveries d join channels c on c.id = d.channel_id
    where c.platform = any ($2)
      and (d.state = 'sending' and d.lease_until <= $1
        or d.state = 'unknown' and d.due_at <= $1 and coalesce(d.lease_until, '-infinity') <= $1)
    limit $3)`;

const CLAIMED = /* sql */ `
  select d.id, c.platform, c.workspace_id, c.channel_id, d.promised_at, d.attempts, d.plain, d.checks, d.state,
         d.lease_until, d.first_tried_at, c.per_hour, c.burst,
         coalesce(f.title, f.url, case when d.notice ? 'lines' then '' when d.notice is not null then 'Tidings' end, '') as source,
         array(select settled_at from deliveries
                where channel_id = c.id and state = 'sent' and settled_at > $2::timestamptz - interval '1 hour'
                order by settled_at desc limit greatest(c.per_hour, c.burst, 1)) as sent_at,
         c.time_zone, c.quiet_from, c.quiet_to,
         (select h.message_id from deliveries h where h.id = d.continues and h.state = 'sent') as continues,
         d.notice, coalesce(p.title, d.notice ->> 'title') as title, coalesce(p.url, d.notice ->> 'url') as url, p.author,
         coalesce(p.body, d.notice ->> 'text') as body, coalesce(p.tags, '{}') as tags, p.image_url, p.published_at
    from claimed d join channels c on c.id = d.channel_id left join posts p on p.id = d.post_id
         left join sightings s on s.id = d.sighting_id left join feeds f on f.id = s.feed_id`;

/** The unique index on `sending` refuses a second message under way; an older one that is due goes first. */
const CLAIM_PENDING = /* sql */ `
  with claimed as (
    update deliveries d
       set state = 'sending', attempts = attempts + 1, lease_until = $3,
           first_tried_at = coalesce(first_tried_at, $2)
      from channels c
     where d.id = $1 and c.id = d.channel_id and c.platform = any ($4) and d.state = 'pending' and d.due_at <= $2
       and c.ready_at <= $2 and c.paced_until <= $2
       and not exists (select from deliveries o where o.channel_id = d.channel_id and o.state = 'pending'
                          and o.due_at <= $2 and o.seq < d.seq)
    returning d.*
  ) ${CLAIMED}`;

/** A process died, or lost the answer, while it sent: whether the message exists is found out before it is sent again. */
const CLAIM_UNKNOWN = /* sql */ `
  with claimed as (
    update deliveries d
       set state = 'unknown', lease_until = $3, checks = case state when 'unknown' then checks else 0 end
      from channels c
     where d.id = $1 and c.id = d.channel_id and c.platform = any ($4)
       and (state = 'sending' and lease_until <= $2
         or state = 'unknown' and due_at <= $2 and coalesce(lease_until, '-infinity') <= $2)
    returning d.*
  ) ${CLAIMED}`;

const RECORD = /* sql */ `
  with done as (
    update deliveries
       set state = $3, due_at = coalesce($4, due_at), attempts = coalesce($5, attempts), checks = coalesce($6, checks),
           message_id = $7, reason = $8, settled_at = $9, plain = $10, lease_until = null
     where id = $1 and state in ('sending', 'unknown') and lease_until = $2
    returning channel_id
  )
  update channels c
     set ready_at = coalesce($11, ready_at), paced_until = coalesce($12, paced_until),
         trouble = case when $14 then $13 else trouble end
    from done where c.id = done.channel_id
  returning c.id as channel_id`;

const NEXT = /* sql */ `
  select d.id from deliveries d join channels c on c.id = d.channel_id
   where d.channel_id = $1 and d.state = 'pending' and d.due_at <= $2 and c.ready_at <= $2 and c.paced_until <= $2
   order by d.seq limit 1`;

const NEXT_DUE_AT = /* sql */ `
  select min(case d.state when 'pending' then greatest(d.due_at, c.ready_at, c.paced_until)
                          when 'held' then d.due_at
                          when 'unknown' then greatest(d.due_at, coalesce(d.lease_until, '-infinity'))
                          else d.lease_until end) as at
    from deliveries d join channels c on c.id = d.channel_id
   where d.state in ('held', 'pending', 'sending', 'unknown') and c.platform = any ($1)`;

interface ClaimRow extends Omit<PostRow, 'id' | 'first_seen_at'> {
  id: DeliveryId;
  notice: StoredNotice | null;
  platform: Platform;
  workspace_id: string;
  channel_id: string;
  promised_at: Date;
  attempts: number;
  plain: boolean;
  checks: number;
  state: 'sending' | 'unknown';
  lease_until: Date;
  first_tried_at: Date;
  per_hour: number | null;
  burst: number | null;
  source: string;
  sent_at: Date[];
  continues: string | null;
  time_zone: string | null;
  quiet_from: number | null;
  quiet_to: number | null;
}

async function claim(pool: Pool, sql: string, values: readonly unknown[]): Promise<ClaimedDelivery | null> {
  try {
    const stored = await row<ClaimRow>(pool, sql, values);
    return stored && claimedOf(stored);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === UNIQUE_VIOLATION) return null;
    throw error;
  }
}

function claimedOf(stored: ClaimRow): ClaimedDelivery {
  return {
    delivery: {
      id: stored.id,
      channel: { platform: stored.platform, workspaceId: stored.workspace_id, channelId: stored.channel_id },
      promisedAt: stored.promised_at,
      attempts: stored.attempts,
      plain: stored.plain,
    },
    checks: stored.state === 'unknown' ? stored.checks : null,
    leaseUntil: stored.lease_until,
    firstTriedAt: stored.first_tried_at,
    post: {
      title: stored.title,
      url: urlOrNull(stored.url),
      author: stored.author,
      text: stored.body,
      tags: stored.tags,
      imageUrl: urlOrNull(stored.image_url),
      publishedAt: stored.published_at,
      isNotice: stored.notice !== null,
      lines: stored.notice?.lines?.map(({ url, ...line }) => ({ ...line, url: urlOrNull(url) })) ?? [],
    },
    source: stored.source,
    pace: { perHour: stored.per_hour, burst: stored.burst },
    sentAt: stored.sent_at,
    continues: stored.continues,
    quiet: quietOf(stored),
  };
}

function recordValues(claimed: ClaimedDelivery, verdict: Verdict): readonly unknown[] {
  const { state, plain, channelReadyAt, pacedUntil, channelTrouble } = verdict;
  return [
    claimed.delivery.id,
    claimed.leaseUntil,
    ...stateColumns(state),
    plain,
    channelReadyAt,
    pacedUntil,
    channelTrouble ?? null,
    channelTrouble !== undefined,
  ];
}

/** state, due_at, attempts, checks, message_id, reason, settled_at; null keeps what is stored in the first three. */
function stateColumns(state: NextState): readonly unknown[] {
  switch (state.kind) {
    case 'pending':
      return ['pending', state.dueAt, state.attempts, null, null, null, null];
    case 'unknown':
      return ['unknown', state.dueAt, state.attempts, state.checks, null, null, null];
    case 'sent':
      return ['sent', null, null, null, state.messageId, null, state.at];
    case 'abandoned':
      return ['abandoned', null, null, null, null, state.reason, state.at];
  }
}

function ids<Id extends string>(found: readonly { id?: unknown }[]): Id[] {
  return found.map(({ id }) => id as Id);
}
