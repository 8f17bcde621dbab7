import { randomUUID } from 'node:crypto';
import { isBurst } from '../deliveries/burst.js';
import type { Feed } from '../feeds/feed.js';
import { showsThePast } from '../feeds/grown-window.js';
import type { ArrivalFate } from '../posts/decision.js';
import type { Fresh } from '../posts/identity/settle-entries.js';
import type { StoredWindow } from './feed-window.js';
import { row, rows, type Db } from './rows.js';

/** How the new entries of one document come in: all of them alike. */
export interface Coming {
  readonly fate: ArrivalFate;
  /** Names the burst that they are part of; null: they come one by one. */
  readonly burst: string | null;
  readonly now: Date;
}

/** What to compare new entries with. `grew` says whether the document holds more entries than the last one. */
export interface Before {
  readonly window: StoredWindow;
  readonly grew: boolean;
  readonly now: Date;
}

/** Decides it, and keeps how many came, by which the next burst is told. Writes nothing if nothing is new. */
export async function comingOf(db: Db, feed: Feed, fresh: readonly Fresh[], before: Before): Promise<Coming> {
  const { now } = before;
  if (!feed.primedAt) return { fate: 'backlog', burst: null, now };
  if (fresh.length === 0) return { fate: 'announced', burst: null, now };
  if (await isPast(db, feed, fresh, before)) return { fate: 'past', burst: null, now };
  const counts = (await row<{ before: number[] }>(db, COUNT, [feed.id, fresh.length]))?.before ?? [];
  return { fate: 'announced', burst: isBurst(fresh.length, counts) ? randomUUID() : null, now };
}

async function isPast(db: Db, { settings }: Feed, fresh: readonly Fresh[], before: Before): Promise<boolean> {
  if (settings.announceOld || !before.grew || before.window.size === 0) return false;
  const dates = fresh.map(({ entry }) => entry.publishedAt);
  if (dates.includes(null)) return false;
  const stood = await rows<{ published_at: Date | null }>(db, DATES, [[...before.window.values()]]);
  return showsThePast(
    stood.map((one) => one.published_at),
    dates,
  );
}

/** Keeps the latest twenty, and returns those that were kept before. */
const COUNT = /* sql */ `
  update feeds f
     set new_counts = (o.new_counts || $2::integer)[greatest(cardinality(o.new_counts) - 18, 1):]
    from feeds o where f.id = $1 and o.id = f.id
  returning o.new_counts as before`;

const DATES = 'select published_at from sightings where id = any ($1::uuid[])';
