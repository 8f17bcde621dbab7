import { channelName, type Platform } from '../chat/channel.js';
import type { ChatAdapter } from '../chat/chat-adapter.js';
import type { PostOutcome } from '../chat/post-outcome.js';
import { later, type Clock } from '../clock.js';
import type { Logger } from '../log.js';
import { OPERATORS } from '../subscriptions/subscription.js';
import { refusalText, type OwnerNote, type RefusalStore } from './refusal.js';

export interface TellOwnersDeps {
  readonly refusals: Pick<RefusalStore, 'claimNote' | 'putOffNote'>;
  readonly adapters: ReadonlyMap<Platform, ChatAdapter>;
  readonly clock: Clock;
  readonly log: Logger;
}

const RETRY_MS = 60_000;
const MOST_ATTEMPTS = 10;

/** Tells the owners of channels that refuse us, each once. `isStopped`: begin no more. */
export async function tellOwners(deps: TellOwnersDeps, isStopped: () => boolean): Promise<void> {
  const platforms = [...deps.adapters.keys()];
  while (!isStopped()) {
    const note = await deps.refusals.claimNote(platforms, deps.clock());
    if (!note) return;
    const again = await tellOne(deps, note);
    if (again) await deps.refusals.putOffNote(note, again);
  }
}

/** When to try again; null: it is done with. */
async function tellOne({ adapters, clock, log }: TellOwnersDeps, note: OwnerNote): Promise<Date | null> {
  const { channel, userId, reason, attempts } = note;
  const tell = adapters.get(channel.platform)?.tell;
  const fields = { channel: channelName(channel), reason, user: userId };
  if (!tell || OPERATORS.includes(userId)) {
    log.warn('channel.refused', { ...fields, since: note.since.toISOString(), detail: refusalText(note) });
    return null;
  }
  const outcome = await tell(channel.workspaceId, userId, refusalText(note));
  const againInMs = attempts < MOST_ATTEMPTS ? againAfterMs(outcome) : null;
  log.warn('channel.refused', { ...fields, told: outcome.kind });
  return againInMs === null ? null : later(clock(), againInMs);
}

/** A message whose fate nobody knows is not repeated: rather none than two. */
function againAfterMs(outcome: PostOutcome): number | null {
  switch (outcome.kind) {
    case 'throttled':
      return outcome.retryAfterMs;
    case 'unavailable':
      return RETRY_MS;
    case 'posted':
    case 'refused':
    case 'malformed':
    case 'unknown':
      return null;
  }
}
