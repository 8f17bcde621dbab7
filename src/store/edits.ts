import type { Pool } from 'pg';
import type { MessageFormat } from '../chat/message.js';
import { AMENDED_FOR_MS } from '../deliveries/amendment.js';
import { EDIT_AFTER_MS, EDIT_PACE, MAY_BE_OLD_FOR_MS, type EditState, type EditVerdict } from '../deliveries/edit.js';
import type { ClaimedEdit, EditStore } from '../deliveries/edit-store.js';
import type { DeliveryId } from '../ids.js';
import { CLAIMED, claimedOf, type ClaimRow } from './claimed-rows.js';
import { row, rows, transaction } from './rows.js';

export function createEditStore(pool: Pool): EditStore {
  return {
    prepare: async (now) => {
      await rows(pool, SPREAD, [now, EDIT_AFTER_MS, MAY_BE_OLD_FOR_MS, AMENDED_FOR_MS]);
      await rows(pool, EXPIRE, [now]);
    },
    due: async (now, platforms, limit) =>
      (await rows<{ id: DeliveryId }>(pool, DUE, [now, platforms, limit])).map(({ id }) => id),
    claim: (id, platforms, now, leaseUntil) =>
      transaction(pool, async (db) => {
        // One claim at a time: two must not both find room under the pace.
        await rows(db, CLAIM_LOCK, []);
        const stored = await row<EditRow>(db, CLAIM, [now, platforms, id, leaseUntil]);
        return stored && editOf(stored);
      }),
    record: async (edit, verdict, now) => {
      const { delivery } = edit.told;
      const stored = await row(pool, RECORD, recordValues(edit, verdict, now));
      if (!stored && verdict.state.kind === 'done') await rows(pool, ONCE_MORE, [delivery.id, now]);
      if (!verdict.workspaceReadyAt) return;
      const { platform, workspaceId } = delivery.channel;
      await rows(pool, THROTTLE, [platform, workspaceId, verdict.workspaceReadyAt]);
    },
  };
}

/**
 * $1 now, $2 to $4 in ms: how old a change is before, how long messages may be begun with what was true before, how long
 * they follow their post. A pending delivery has no message, and will say what is true.
 */
const SPREAD = /* sql */ `
  with changed as (
    update amendments set spread = true
     where not spread and at <= $1::timestamptz - $2::integer * interval '1 millisecond' returning post_id, at)
  insert into edits (delivery_id, due_at, until)
  select d.id, $1::timestamptz, p.first_seen_at + $4::integer * interval '1 millisecond'
    from changed a join posts p on p.id = a.post_id join deliveries d on d.post_id = a.post_id
   where d.state in ('sending', 'unknown', 'sent')
     and d.first_tried_at <= a.at + $3::integer * interval '1 millisecond'
   order by d.id
  on conflict (delivery_id) do update
     set state = 'waiting', changes = edits.changes + 1, due_at = excluded.due_at, attempts = 0, format = null,
         reason = null
   where edits.state <> 'dropped'`;

const EXPIRE = /* sql */ `
  update edits e set state = 'dropped', reason = coalesce(e.reason, c.trouble, 'too late')
    from deliveries d, channels c
   where e.state = 'waiting' and e.until <= $1 and coalesce(e.lease_until, '-infinity') <= $1
     and d.id = e.delivery_id and c.id = d.channel_id`;

/** A message of channel `oc` is being sent, or could be: new posts go first. */
const postsAreDue = /* sql */ `
  exists (select from deliveries o
           where o.channel_id = oc.id
             and (o.state = 'sending'
               or o.state = 'pending' and o.due_at <= $1 and oc.ready_at <= $1 and oc.paced_until <= $1))`;

/** Other edits of the platform that were begun in the last `ms`. A clock that was put back holds nothing up. */
function triedWithin(ms: number): string {
  return /* sql */ `
    edits o join deliveries od on od.id = o.delivery_id join channels oc on oc.id = od.channel_id
     where o.tried_at > $1::timestamptz - ${String(ms)} * interval '1 millisecond' and o.tried_at <= $1
       and oc.platform = c.platform`;
}

/** $2 platforms, $1 now. Discord has one rate for all that a bot does. */
const MAY_GO = /* sql */ `
  edits e join deliveries d on d.id = e.delivery_id join channels c on c.id = d.channel_id
   where e.state = 'waiting' and e.due_at <= $1 and e.until > $1 and coalesce(e.lease_until, '-infinity') <= $1
     and d.state = 'sent' and d.message_id is not null
     and c.platform = any ($2) and c.ready_at <= $1 and c.trouble is null
     and exists (select from open_channels oc where oc.id = c.id and not ${postsAreDue})
     and not exists (select from platform_paces oc where oc.platform = c.platform and oc.ready_at > $1)
     and not exists (select from ${triedWithin(EDIT_PACE.workspaceEveryMs)} and oc.workspace_id = c.workspace_id)
     and (select count(*) from ${triedWithin(1_000)}) < ${String(EDIT_PACE.platformPerSecond)}
     and (c.platform <> 'discord'
       or not exists (select from open_channels oc where oc.platform = c.platform and oc.next_at <= $1))`;

const DUE = /* sql */ `
  select id from (
    select distinct on (c.platform, c.workspace_id) e.delivery_id as id, e.due_at from ${MAY_GO}
     order by c.platform, c.workspace_id, e.due_at, d.seq) oldest
   order by due_at limit $3`;

const CLAIM_LOCK = 'select pg_advisory_xact_lock(4217004)';

/** $3 the delivery, $4 until when. */
const CLAIM = /* sql */ `
  with taken as (
    update edits t set lease_until = $4, attempts = t.attempts + 1, tried_at = $1
      from (select e.delivery_id, d.message_id from ${MAY_GO} and e.delivery_id = $3) m
     where t.delivery_id = m.delivery_id
    returning t.delivery_id, t.changes, t.attempts, t.format, t.lease_until, m.message_id),
  claimed as (select d.*, $1::timestamptz as turn_at from deliveries d join taken t on t.delivery_id = d.id)
  select w.*, t.changes, t.attempts as tries, t.format as simpler, t.lease_until as edit_lease_until, t.message_id
    from (${CLAIMED}) w join taken t on t.delivery_id = w.id`;

/** $1 delivery, $2 the claim, $3 what it followed, $4 state, $5 due, $6 attempts, $7 format, $8 reason, $9 now. */
const RECORD = /* sql */ `
  update edits
     set state = case when $4::text = 'done' and changes <> $3 then 'waiting' else $4::text end,
         due_at = coalesce($5::timestamptz, $9::timestamptz), attempts = coalesce($6, attempts), format = $7,
         reason = $8, lease_until = null,
         edited_at = case $4::text when 'done' then $9::timestamptz else edited_at end
   where delivery_id = $1 and lease_until = $2 returning delivery_id`;

/** What the one did who holds the claim now may have been written over by what is older. */
const ONCE_MORE = /* sql */ `
  update edits set state = 'waiting', changes = changes + 1, due_at = $2
   where delivery_id = $1 and state <> 'dropped'`;

const THROTTLE = /* sql */ `
  update edits set due_at = greatest(due_at, $3)
   where delivery_id in (
     select e.delivery_id from edits e join deliveries d on d.id = e.delivery_id join channels c on c.id = d.channel_id
      where e.state = 'waiting' and c.platform = $1 and c.workspace_id = $2 order by e.delivery_id for update of e)`;

interface EditRow extends ClaimRow {
  changes: number;
  tries: number;
  simpler: MessageFormat | null;
  edit_lease_until: Date;
  message_id: string;
}

function editOf(stored: EditRow): ClaimedEdit {
  const format = stored.simpler ?? stored.format;
  return {
    told: claimedOf({ ...stored, format }),
    messageId: stored.message_id,
    changes: stored.changes,
    attempts: stored.tries,
    format,
    leaseUntil: stored.edit_lease_until,
  };
}

function recordValues(edit: ClaimedEdit, { state, format, reason }: EditVerdict, now: Date): readonly unknown[] {
  return [edit.told.delivery.id, edit.leaseUntil, edit.changes, ...stateColumns(state), format, reason, now];
}

/** state, due_at, attempts; null keeps the attempts that are stored. */
function stateColumns(state: EditState): readonly unknown[] {
  return state.kind === 'waiting' ? ['waiting', state.dueAt, state.attempts] : [state.kind, null, null];
}
