import { isStorable } from '../feed-address.js';
import type { Move } from '../feed.js';

const MIN_POLLS = 10;
const MIN_MS = 7 * 24 * 3_600_000;

/** What is known of a move after a poll that ended, by permanent redirects only, at `movedTo`. */
export function moveAfter(before: Move | null, movedTo: URL | null, now: Date): Move | null {
  if (!movedTo || !isStorable(movedTo)) return null;
  const same = before?.to.href === movedTo.href;
  return same ? { ...before, polls: before.polls + 1 } : { to: movedTo, polls: 1, since: now };
}

/** Seen often and long enough: a redirect of one bad afternoon must not take the feed away. */
export function isLasting(move: Move, now: Date): boolean {
  return move.polls >= MIN_POLLS && now.getTime() - move.since.getTime() >= MIN_MS;
}
