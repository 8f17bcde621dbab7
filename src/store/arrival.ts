import { randomUUID } from 'node:crypto';
import { isBurst } from '../deliveries/burst.js';
import type { Feed } from '../feeds/feed.js';
import { showsThePast } from '../feeds/grown-window.js';
import type { ArrivalFate } from '../posts/decision.js';
import type { Fresh } from '../posts/identity/settle-entries.js';
import type { OpenedWindow } from './feed-window.js';
import { rows, type Db } from './rows.js';

/** How the new entries of one document come in: all of them alike. */
export interface Coming {
  readonly fate: ArrivalFate;
  /** Names the burst that they are part of; null: they come one by one. */
  readonly burst: string | null;
  readonly now: Date;
}

/** What to compare new entries with. `grew` says whether the document holds more entries than the last one. */
export interface Before extends Pick<OpenedWindow, 'window' | 'newCounts'> {
  readonly grew: boolean;
  readonly now: Date;
}

export async function comingOf(db: Db, feed: Feed, fresh: readonly Fresh[], before: Before): Promise<Coming> {
  const { newCounts, now } = before;
  if (!feed.primedAt) return { fate: 'backlog', burst: null, now };
  if (fresh.length === 0) return { fate: 'announced', burst: null, now };
  if (await isPast(db, feed, fresh, before)) return { fate: 'past', burst: null, now };
  return { fate: 'announced', burst: isBurst(fresh.length, newCounts) ? randomUUID() : null, now };
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

const DATES = 'select published_at from sightings where id = any ($1::uuid[])';
