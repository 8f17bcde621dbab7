import type { Pool } from 'pg';
import type { Platform } from '../chat/channel.js';
import type { PauseStore } from '../deliveries/pause.js';
import { woken } from './refusals.js';
import { row, rows } from './rows.js';

interface PauseRow {
  platform: Platform;
  workspace_id: string;
  channel_id: string;
  reason: string;
  paused_at: Date;
  until: Date | null;
}

export function createPauseStore(pool: Pool): PauseStore {
  return {
    pause: async ({ scope, reason, pausedAt, until }) => {
      const { platform, workspaceId, channelId } = scope;
      await rows(pool, PAUSE, [platform, workspaceId, channelId, reason, pausedAt, until]);
    },
    resume: async ({ platform, workspaceId, channelId }, now) =>
      (await row<{ held: boolean }>(pool, RESUME, [platform, workspaceId, channelId, now]))?.held ?? false,
    list: async (now) =>
      (await rows<PauseRow>(pool, LIST, [now])).map((stored) => ({
        scope: { platform: stored.platform, workspaceId: stored.workspace_id, channelId: stored.channel_id },
        reason: stored.reason,
        pausedAt: stored.paused_at,
        until: stored.until,
      })),
  };
}

/** A pause that ran out is a new one. */
const PAUSE = /* sql */ `
  insert into pauses as old (platform, workspace_id, channel_id, reason, paused_at, until)
  values ($1, $2, $3, $4, $5, $6)
  on conflict (platform, workspace_id, channel_id) do update
     set reason = excluded.reason, until = excluded.until, by_system = false,
         paused_at = case when old.until <= excluded.paused_at then excluded.paused_at else old.paused_at end`;

/** Its channels are looked at anew, whatever they waited for. */
const RESUME = /* sql */ `
  with ended as (
    delete from pauses where platform = $1 and workspace_id = $2 and channel_id = $3
    returning until is null or until > $4 as held),
  ${woken(`exists (select from ended) and platform = $1 and $2 in ('', workspace_id) and $3 in ('', channel_id)`, '$4')}
  select held from ended`;

const LIST = /* sql */ `
  select platform, workspace_id, channel_id, reason, paused_at, until from pauses
   where until is null or until > $1 order by paused_at, platform, workspace_id, channel_id`;
