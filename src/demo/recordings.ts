import { readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { UserError } from '../errors.js';

/** One document as a feed was at one time. */
export interface Snapshot {
  /** Path of the document. */
  readonly file: string;
  readonly at: Date;
}

/** What one feed showed over time, oldest first, never empty. The first snapshot is its backlog. */
export interface Recording {
  readonly feed: string;
  readonly snapshots: readonly Snapshot[];
}

/** A feed changes to the snapshot with this index (0 is the backlog) at this time. */
export interface Step {
  readonly feed: string;
  readonly index: number;
  readonly at: Date;
}

/** `0007-1772431200.xml`: the place in the order, and the time in Unix seconds. */
const SNAPSHOT_NAME = /^(\d{4,})-(\d{1,11})\.(?:xml|json)$/;

/**
 * The recordings in `<dir>/<feed>/<NNNN>-<unixtime>.xml`, by feed name; `only` names the feeds to take, null takes all.
 * @throws UserError `no-such-folder`, `no-recordings`, `no-such-feed`
 */
export async function readRecordings(dir: string, only: readonly string[] | null): Promise<Recording[]> {
  const recordings: Recording[] = [];
  for (const feed of await subfolders(dir)) {
    const folder = join(dir, feed);
    const snapshots = snapshotsIn(folder, await readdir(folder));
    if (snapshots.length > 0) recordings.push({ feed, snapshots });
  }
  if (recordings.length === 0) {
    throw new UserError(
      'no-recordings',
      `There are no recordings in ${dir}. A recording is a folder per feed with documents named 0000-<unixtime>.xml, 0001-<unixtime>.xml and so on.`,
    );
  }
  return only === null ? recordings : chosen(recordings, only);
}

/** The snapshots among these file names, in order. A time that runs back counts as the time before it. */
export function snapshotsIn(folder: string, names: readonly string[]): Snapshot[] {
  const found = names
    .flatMap((name) => {
      const [, order, unixSeconds] = SNAPSHOT_NAME.exec(basename(name)) ?? [];
      return order && unixSeconds ? [{ name, order: Number(order), atMs: Number(unixSeconds) * 1000 }] : [];
    })
    .sort((a, b) => a.order - b.order || a.atMs - b.atMs);
  let latestMs = 0;
  return found.map(({ name, atMs }) => {
    latestMs = Math.max(latestMs, atMs);
    return { file: join(folder, name), at: new Date(latestMs) };
  });
}

/** What happens to all feeds, in the order of time. */
export function steps(recordings: readonly Recording[]): Step[] {
  return recordings
    .flatMap(({ feed, snapshots }) => snapshots.map(({ at }, index) => ({ feed, index, at })))
    .sort((a, b) => a.at.getTime() - b.at.getTime() || a.index - b.index || (a.feed < b.feed ? -1 : 1));
}

async function subfolders(dir: string): Promise<string[]> {
  const entries = await readdir(dir, { withFileTypes: true }).catch((error: unknown) => {
    throw new UserError('no-such-folder', `${dir} ${whyUnreadable(error)}. Give a folder of recordings with --feeds.`);
  });
  return entries
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort((a, b) => (a < b ? -1 : 1));
}

function whyUnreadable(error: unknown): string {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : null;
  switch (code) {
    case 'ENOENT':
      return 'does not exist';
    case 'ENOTDIR':
      return 'is not a folder';
    default:
      return 'cannot be read';
  }
}

function chosen(recordings: readonly Recording[], only: readonly string[]): Recording[] {
  const names = recordings.map(({ feed }) => feed);
  const unknown = only.filter((name) => !names.includes(name));
  if (unknown.length > 0 || only.length === 0) {
    const complaint = unknown.length > 0 ? `There is no recording of ${unknown.join(', ')}.` : '--only names no feed.';
    throw new UserError('no-such-feed', `${complaint} There are: ${names.join(', ')}.`);
  }
  return recordings.filter(({ feed }) => only.includes(feed));
}
