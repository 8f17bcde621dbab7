import type { Pool } from 'pg';
import type { ChannelRef } from '../chat/channel.js';
import { DEFAULT_PACE, type Pace } from '../deliveries/pace.js';
import type { Hours, HoursChange, HoursStore } from '../subscriptions/schedule-for.js';
import type { QuietHours } from '../subscriptions/next-slot.js';
import { row, transaction, type Db } from './rows.js';

export interface ChannelStore extends HoursStore {
  /** Changes what is given and keeps the rest; a wait that the old quiet hours imposed ends. Returns what holds now. */
  readonly setHours: (channel: ChannelRef, change: HoursChange) => Promise<Hours>;
  /** Changes what is given, keeps the rest, and ends a wait that the old pace imposed. Returns what holds now. */
  readonly setPace: (channel: ChannelRef, pace: Partial<Pace>) => Promise<Pace>;
  /** Whether its messages are passed on to whoever follows it. */
  readonly setPublish: (channel: ChannelRef, publish: boolean) => Promise<void>;
}

export function createChannelStore(pool: Pool): ChannelStore {
  return {
    setHours: (channel, { timeZone, quiet }) =>
      transaction(pool, async (db) => {
        const id = await channelIdOf(db, channel);
        const values = [id, timeZone ?? null, quiet !== undefined, quiet?.from ?? null, quiet?.to ?? null];
        await db.query(SET_HOURS, values);
        return hoursOf(db, channel);
      }),
    hoursOf: (channel) => hoursOf(pool, channel),
    setPace: (channel, pace) =>
      transaction(pool, async (db) => {
        const id = await channelIdOf(db, channel);
        const { perHour, burst } = { ...(await paceOf(db, id)), ...pace };
        await db.query(
          `update channels set per_hour = $2, burst = $3, paced_until = '-infinity', next_at = case when next_at is not null then 'epoch'::timestamptz end
          where id = $1`,
          [id, perHour, burst],
        );
        return { perHour, burst };
      }),
    setPublish: (channel, publish) =>
      transaction(pool, async (db) => {
        const id = await channelIdOf(db, channel);
        await db.query('update channels set publish = $2 where id = $1', [id, publish]);
      }),
  };
}

const SET_HOURS = /* sql */ `
  update channels
     set time_zone = coalesce($2, time_zone), paced_until = '-infinity',
         next_at = case when next_at is not null then 'epoch'::timestamptz end,
         quiet_from = case when $3 then $4 else quiet_from end, quiet_to = case when $3 then $5 else quiet_to end
   where id = $1`;

const HOURS = /* sql */ `
  select time_zone, quiet_from, quiet_to from channels
   where platform = $1 and workspace_id = $2 and channel_id = $3`;

async function hoursOf(db: Db, { platform, workspaceId, channelId }: ChannelRef): Promise<Hours> {
  const stored = await row<QuietRow>(db, HOURS, [platform, workspaceId, channelId]);
  return { timeZone: stored?.time_zone ?? null, quiet: stored && quietOf(stored) };
}

export interface QuietRow {
  time_zone: string | null;
  quiet_from: number | null;
  quiet_to: number | null;
}

export function quietOf({ time_zone: timeZone, quiet_from: from, quiet_to: to }: QuietRow): QuietHours | null {
  return from === null || to === null ? null : { from, to, timeZone: timeZone ?? 'UTC' };
}

async function paceOf(db: Db, id: string): Promise<Pace> {
  const stored = await row<{ per_hour: number | null; burst: number | null }>(
    db,
    'select per_hour, burst from channels where id = $1 for update',
    [id],
  );
  return stored ? { perHour: stored.per_hour, burst: stored.burst } : DEFAULT_PACE;
}

/** The channel's row, made on first mention. */
export async function channelIdOf(db: Db, channel: ChannelRef): Promise<string> {
  const values = [channel.platform, channel.workspaceId, channel.channelId];
  await db.query(
    /* sql */ `
    insert into channels (platform, workspace_id, channel_id, per_hour, burst) values ($1, $2, $3, $4, $5)
    on conflict do nothing`,
    [...values, DEFAULT_PACE.perHour, DEFAULT_PACE.burst],
  );
  const stored = await row<{ id: string }>(
    db,
    'select id from channels where platform = $1 and workspace_id = $2 and channel_id = $3',
    values,
  );
  if (!stored) throw new Error('a channel vanished while it was added');
  return stored.id;
}
