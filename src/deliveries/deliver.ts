import { setTimeout as sleep } from 'node:timers/promises';
import type { ChatAdapter, DeliveryKey } from '../chat/chat-adapter.js';
import { channelName, type ChannelRef } from '../chat/channel.js';
import type { Message } from '../chat/message.js';
import type { PostOutcome, RefusalReason } from '../chat/post-outcome.js';
import type { Clock } from '../clock.js';
import type { LogFields, Logger } from '../log.js';
import type { Topic } from '../topics/topic.js';
import { quietUntil } from '../subscriptions/next-slot.js';
import { afterAttempt, afterFind, afterRepeat, waitForSlot, type Unsettled } from './delivery.js';
import type { ClaimedDelivery, DeliveryStore } from './delivery-store.js';
import { messageFor } from './message-for.js';
import { nextSlot } from './pace.js';
import { DEFAULT_SETTLING, type Settling } from './settling.js';
import type { Verdict } from './verdict.js';

/** Twice what an adapter may take for one request, so that a slow answer is never mistaken for a dead process. */
export const LEASE_MS = 30_000;
/** What an adapter may take for one request: with less of the lease left, none is begun. */
const REQUEST_MS = 15_000;

export interface DeliverDeps {
  readonly deliveries: Pick<DeliveryStore, 'record' | 'fold' | 'hold'>;
  readonly topics: readonly Topic[];
  /** Absent: `DEFAULT_SETTLING`. */
  readonly settling?: Settling;
  readonly clock: Clock;
  readonly log: Logger;
}

/** A claim, by whom it is carried out, and when it was made by a clock that nobody can set, in ms. */
export interface Work {
  readonly claimed: ClaimedDelivery;
  readonly adapter: ChatAdapter;
  readonly claimedAtMs: number;
}

/** Post, or settle, one claimed delivery. */
export async function deliver(deps: DeliverDeps, work: Work): Promise<void> {
  const { claimed } = work;
  const now = deps.clock();
  const quietEnds = claimed.unknown === null ? quietUntil(claimed.quiet, now) : null;
  if (quietEnds !== null) {
    // What is no untried post keeps its place, and its channel waits with it.
    if (await deps.deliveries.hold(claimed, quietEnds)) return;
    await recordSurely(deps, work, waitForSlot(claimed.delivery, quietEnds, now));
    return;
  }
  if (isLastOfItsHour(claimed, now) && (await deps.deliveries.fold(claimed, now)) !== null) return;
  await waitForTurn(claimed, now);
  // Frozen for a while, as by a laptop's sleep: the lease may be another's by now, who looks before it sends.
  if (performance.now() - work.claimedAtMs > LEASE_MS - REQUEST_MS) return;
  const verdict = await attempt(deps, work);
  await recordSurely(deps, work, verdict);
}

/** The last message that the channel takes this hour may hold all that waits, so that nothing waits for hours. */
function isLastOfItsHour({ unknown, delivery, post, pace, sentAt }: ClaimedDelivery, now: Date): boolean {
  if (unknown !== null || delivery.attempts > 1 || post.isNotice || pace.perHour === null) return false;
  return sentAt.length >= pace.perHour - 1 && nextSlot(sentAt, pace, now) <= now;
}

async function waitForTurn({ turnAt }: ClaimedDelivery, now: Date): Promise<void> {
  const waitMs = turnAt.getTime() - now.getTime();
  if (waitMs > 0) await sleep(waitMs);
}

async function attempt(deps: DeliverDeps, { claimed, adapter }: Work): Promise<Verdict> {
  const { delivery, unknown, pace, sentAt } = claimed;
  const message = messageFor(claimed, deps.topics);
  const key = { id: delivery.id, firstTriedAt: claimed.firstTriedAt };
  if (unknown !== null)
    return settle(deps, adapter, { ...claimed, message, key, unsettled: { ...delivery, ...unknown } });

  const slot = nextSlot(sentAt, pace, deps.clock());
  if (slot > deps.clock()) return waitForSlot(delivery, slot, deps.clock());
  const outcome = await adapter.post(delivery.channel, message, key);
  logAttempt(deps, claimed, outcome);
  return afterAttempt(delivery, outcome, deps.clock());
}

interface Unknown extends ClaimedDelivery {
  readonly message: Message;
  readonly key: DeliveryKey;
  readonly unsettled: Unsettled;
}

async function settle(deps: DeliverDeps, adapter: ChatAdapter, unknown: Unknown): Promise<Verdict> {
  const { delivery, message, key, unsettled } = unknown;
  const found = await adapter.find(delivery.channel, message, key);
  deps.log.info('delivery.checked', {
    delivery: delivery.id,
    channel: channelName(delivery.channel),
    found: found.kind,
  });
  if (found.kind !== 'repeatable')
    return afterFind(unsettled, found, { ...(deps.settling ?? DEFAULT_SETTLING), now: deps.clock() });
  // In the same claim: put off, it might be sent when the platform remembers the first no more.
  const outcome = await adapter.post(delivery.channel, message, key);
  logAttempt(deps, unknown, outcome);
  return afterRepeat(unsettled, outcome, deps.clock());
}

const RECORD_AGAIN_MS = 500;

/** What the platform did is worth some patience with a database that restarts: forgotten, it must be looked for. */
async function recordSurely(deps: DeliverDeps, { claimed, claimedAtMs }: Work, verdict: Verdict): Promise<void> {
  for (;;) {
    try {
      await deps.deliveries.record(claimed, verdict, deps.clock());
      return;
    } catch (error) {
      if (performance.now() - claimedAtMs > LEASE_MS) throw error;
      await sleep(RECORD_AGAIN_MS);
    }
  }
}

function logAttempt({ log }: DeliverDeps, { delivery }: ClaimedDelivery, outcome: PostOutcome): void {
  const channel = channelName(delivery.channel);
  log.info('delivery.attempted', { delivery: delivery.id, channel, ...outcomeFields(outcome) });
  if (outcome.kind === 'refused') logWideRefusal(log, delivery.channel, outcome.reason);
}

/** What stops more than a channel is for whoever runs the bot to mend. */
function logWideRefusal(log: Logger, { platform, workspaceId }: ChannelRef, reason: RefusalReason): void {
  if (reason === 'workspace-gone') {
    const detail = 'Nothing is sent there until the app is installed again: restart with its token, or tidings resume.';
    log.error('workspace.gone', { platform, workspace: workspaceId, detail });
  }
  if (reason === 'bad-credentials') {
    const detail = 'Nothing is sent on this platform until the bot is restarted with a token that works.';
    log.error('token.refused', { platform, detail });
  }
}

function outcomeFields(outcome: PostOutcome): LogFields {
  switch (outcome.kind) {
    case 'posted':
      return { outcome: 'posted' };
    case 'throttled':
      return { outcome: 'throttled', retryAfterMs: outcome.retryAfterMs };
    case 'refused':
      return { outcome: 'refused', reason: outcome.reason };
    case 'malformed':
    case 'unavailable':
    case 'unknown':
      return { outcome: outcome.kind, detail: outcome.detail };
  }
}
