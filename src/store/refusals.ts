import type { Pool } from 'pg';
import type { Platform } from '../chat/channel.js';
import type { RefusalReason } from '../chat/post-outcome.js';
import type { OwnerNote, RefusalStore } from '../deliveries/refusal.js';
import { row, rows } from './rows.js';

/**
 * SQL, two parts of a `with`: channels that `where` picks wait for nothing more. What was refused or put off in them is
 * tried again now. They are locked in one order, as by claims and promises.
 */
export function woken(where: string, now: string): string {
  return /* sql */ `
  waking as materialized (select id, trouble from channels where ${where} order by id for no key update),
  woken as (
    update channels c set ready_at = case when w.trouble is null then c.ready_at else '-infinity' end,
                          next_at = case when c.next_at is not null then ${now}::timestamptz end
      from waking w where c.id = w.id),
  hastened as (
    update deliveries d set due_at = ${now} from waking w
     where d.channel_id = w.id and w.trouble is not null and d.state in ('pending', 'unknown')
       and d.lease_until is null and d.first_tried_at is not null and d.due_at > ${now})`;
}

interface NoteRow {
  id: string;
  platform: Platform;
  workspace_id: string;
  channel_id: string;
  user_id: string;
  reason: RefusalReason;
  since: Date;
  attempts: number;
}

export function createRefusalStore(pool: Pool): RefusalStore {
  return {
    claimNote: async (platforms, now) => {
      const stored = await row<NoteRow>(pool, CLAIM_NOTE, [platforms, now]);
      return stored && noteOf(stored);
    },
    putOffNote: async ({ id, userId }, dueAt) => {
      await rows(pool, 'update owner_notes set due_at = $3 where channel_id = $1 and user_id = $2', [
        id,
        userId,
        dueAt,
      ]);
    },
    tryAgain: async ({ platform, workspaceId, channelId }, now) => {
      await rows(pool, TRY_AGAIN, [platform, workspaceId, channelId, now]);
    },
    startAnew: async (platforms, now) => {
      await rows(pool, START_ANEW, [platforms, now]);
    },
  };
}

function noteOf(stored: NoteRow): OwnerNote {
  const { platform, workspace_id: workspaceId, channel_id: channelId } = stored;
  return {
    id: stored.id,
    channel: { platform, workspaceId, channelId },
    userId: stored.user_id,
    reason: stored.reason,
    since: stored.since,
    attempts: stored.attempts,
  };
}

const CLAIM_NOTE = /* sql */ `
  with due as (
    select n.channel_id, n.user_id from owner_notes n join channels c on c.id = n.channel_id
     where c.platform = any ($1) and n.due_at <= $2 order by n.due_at limit 1 for no key update of n skip locked)
  update owner_notes n set due_at = null, attempts = n.attempts + 1
    from due d, channels c
   where n.channel_id = d.channel_id and n.user_id = d.user_id and c.id = n.channel_id
  returning n.channel_id as id, c.platform, c.workspace_id, c.channel_id, n.user_id, n.reason, n.since, n.attempts`;

/** A workspace from which a command comes is there. */
const TRY_AGAIN = /* sql */ `
  with ended as (
    delete from pauses where by_system and platform = $1 and workspace_id = $2 and channel_id = ''
    returning workspace_id),
  ${woken(
    `platform = $1 and workspace_id = $2 and trouble is not null
       and (channel_id = $3 or exists (select from ended) and trouble = 'workspace-gone')`,
    '$4',
  )}
  select`;

/** A token may be a new one. */
const START_ANEW = /* sql */ `
  with ended as (delete from pauses where by_system and platform = any ($1)),
  ${woken(`platform = any ($1) and trouble in ('workspace-gone', 'bad-credentials')`, '$2')}
  select`;
