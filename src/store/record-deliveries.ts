import type { Pool } from 'pg';
import type { DeliveryId } from '../ids.js';
import type { ClaimedDelivery, DeliveryStore } from '../deliveries/delivery-store.js';
import { afterInvalid } from '../deliveries/pace.js';
import type { NextState, Verdict } from '../deliveries/verdict.js';
import { createGroups } from './groups.js';
import { toJson } from './json.js';
import { row, rows, transaction } from './rows.js';

/** What became of what was claimed. */
export function createDeliveryRecords(pool: Pool): Pick<DeliveryStore, 'record' | 'countRequests'> {
  const saveOne = createGroups(async (ended: readonly Ended[]) => {
    const ids = ended.map(({ claimed }) => claimed.delivery.id);
    const saved = await rows<{ id: DeliveryId }>(pool, RECORD, [toJson(ended.map(columnsOf)), ids]);
    for (const { claimed, verdict } of ended) {
      if (verdict.platformReadyAt === null) continue;
      await rows(pool, REST, [claimed.delivery.channel.platform, verdict.platformReadyAt]);
    }
    const done = new Set(saved.map(({ id }) => id));
    return ids.map((id) => done.has(id));
  });
  return {
    record: (claimed, verdict, now) => saveOne({ claimed, verdict, now }),
    countRequests: (platform, { unpacedMs, invalid }, now) =>
      transaction(pool, async (db, leave) => {
        const stored = await row<{ count: number; since: Date | number }>(db, COUNT, [platform, now, unpacedMs]);
        if (!stored || invalid === 0) return;
        const since = stored.since instanceof Date ? stored.since : new Date(0);
        const counted = afterInvalid({ count: stored.count, since }, invalid, now);
        leave(rows(db, COUNT_INVALID, [platform, counted.count, counted.since]));
        if (counted.restUntil) leave(rows(db, REST, [platform, counted.restUntil]));
      }),
  };
}

interface Ended {
  readonly claimed: ClaimedDelivery;
  readonly verdict: Verdict;
  readonly now: Date;
}

/**
 * Who can mend a refusal hears of it once: the owners, where it is the channel's. Where the workspace or the token is
 * refused, all of it is left alone instead of channel by channel, but for one try a day.
 */
const REFUSED = /* sql */ `
  refused as (
    select d.channel_id, l.platform, l.workspace_id, v.trouble, v.now
      from done d join verdict v on v.id = d.id join locked l on l.id = d.channel_id
     where v.troubled and coalesce(v.trouble, l.trouble) is not null),
  noted as (
    insert into owner_notes (channel_id, user_id, reason, since, due_at)
    select distinct on (r.channel_id, s.created_by) r.channel_id, s.created_by, r.trouble, r.now, r.now
      from refused r join subscriptions s on s.channel_id = r.channel_id
     where r.trouble in ('channel-gone', 'not-a-member', 'not-allowed')
    on conflict do nothing),
  forgotten as (delete from owner_notes n using refused r where n.channel_id = r.channel_id and r.trouble is null),
  halted as (
    insert into pauses as old (platform, workspace_id, channel_id, reason, paused_at, until, by_system)
    select distinct on (1, 2) platform, case trouble when 'workspace-gone' then workspace_id else '' end, '', trouble,
           now, now + interval '1 day', true
      from refused where trouble in ('workspace-gone', 'bad-credentials')
    on conflict (platform, workspace_id, channel_id) do update set until = excluded.until where old.by_system)`;

/** Channels are locked first, in one order: claims and promises lock them too. What lost its lease changes nothing. */
const RECORD = /* sql */ `
  with verdict as (
    select * from jsonb_to_recordset($1::jsonb) as v (
      id uuid, now timestamptz, lease_until timestamptz, state text, due_at timestamptz, attempts integer,
      checks integer, unsure_since timestamptz, message_id text, reason text, settled_at timestamptz, format text,
      aside boolean, ready_at timestamptz, paced_until timestamptz, trouble text, troubled boolean)),
  locked as materialized (
    select c.id, c.platform, c.workspace_id, c.trouble from channels c
     where c.id in (select channel_id from deliveries where id = any ($2::uuid[])) order by c.id for no key update),
  done as (
    update deliveries d
       set state = v.state, due_at = coalesce(v.due_at, d.due_at), attempts = coalesce(v.attempts, d.attempts),
           checks = coalesce(v.checks, d.checks), unsure_since = v.unsure_since, message_id = v.message_id,
           reason = v.reason, settled_at = v.settled_at, format = v.format, aside = v.aside, lease_until = null
      from verdict v, locked l
     where d.id = any ($2::uuid[]) and d.id = v.id and l.id = d.channel_id
       and d.state in ('sending', 'unknown') and d.lease_until = v.lease_until
    returning d.id, d.channel_id),
  ${REFUSED}
  update channels c
     set next_at = v.now, ready_at = coalesce(v.ready_at, c.ready_at),
         paced_until = coalesce(v.paced_until, c.paced_until),
         trouble = case when v.troubled then v.trouble else c.trouble end,
         troubled_since = case when not v.troubled then c.troubled_since
                               when v.trouble is not null then coalesce(c.troubled_since, v.now) end
    from done d join verdict v on v.id = d.id where c.id = d.channel_id
  returning d.id`;

const REST = 'update platform_paces set ready_at = greatest(ready_at, $2) where platform = $1';
const COUNT = /* sql */ `
  update platform_paces
     set free_at = case when $3::float8 > 0 then greatest(free_at, $2) + $3::float8 * interval '1 millisecond' else free_at end
   where platform = $1 returning invalid as count, invalid_since as since`;
const COUNT_INVALID = 'update platform_paces set invalid = $2, invalid_since = $3 where platform = $1';

function columnsOf({ claimed, verdict, now }: Ended): object {
  return {
    ...stateColumns(verdict.state),
    id: claimed.delivery.id,
    now,
    lease_until: claimed.leaseUntil,
    format: verdict.format,
    aside: verdict.aside,
    ready_at: verdict.channelReadyAt,
    paced_until: verdict.pacedUntil,
    trouble: verdict.channelTrouble,
    troubled: verdict.channelTrouble !== undefined,
  };
}

/** What is missing of `due_at`, `attempts` and `checks` stays as it is stored. */
function stateColumns(state: NextState): object {
  switch (state.kind) {
    case 'pending':
      return { state: 'pending', due_at: state.dueAt, attempts: state.attempts };
    case 'unknown': {
      const { dueAt, attempts, checks, since } = state;
      return { state: 'unknown', due_at: dueAt, attempts, checks, unsure_since: since };
    }
    case 'sent':
      return { state: 'sent', message_id: state.messageId, settled_at: state.at };
    case 'abandoned':
      return { state: 'abandoned', reason: state.reason, settled_at: state.at };
  }
}
