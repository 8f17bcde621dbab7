import type { DeliveryId } from '../ids.js';
import type { ChannelRef } from '../chat/channel.js';
import type { FindOutcome, PostOutcome, RefusalReason } from '../chat/post-outcome.js';
import { later } from '../clock.js';

/** The promise that one channel hears of one post, taken for work. Unique on (post, channel), whatever matched. */
export interface Delivery {
  readonly id: DeliveryId;
  readonly channel: ChannelRef;
  readonly promisedAt: Date;
  /** Attempts so far; claiming one counts it, so that a crash counts too. */
  readonly attempts: number;
  /** True once the platform called the card malformed. */
  readonly plain: boolean;
}

export type DeliveryState =
  /** Promised, and waiting for the slot of its digest. */
  | { readonly kind: 'held'; readonly dueAt: Date }
  | { readonly kind: 'pending'; readonly dueAt: Date; readonly attempts: number }
  | { readonly kind: 'sending'; readonly leaseUntil: Date; readonly attempts: number }
  /** Posted, or not: nobody knows yet. `checks` counts the looks that could not tell. */
  | { readonly kind: 'unknown'; readonly dueAt: Date; readonly attempts: number; readonly checks: number }
  | { readonly kind: 'sent'; readonly messageId: string; readonly at: Date }
  | { readonly kind: 'abandoned'; readonly reason: string; readonly at: Date }
  /** Named in a digest, which is a delivery of its own. */
  | { readonly kind: 'digested' };

/** Where an attempt or a look leaves a delivery. */
export type NextState = Exclude<DeliveryState, { readonly kind: 'held' | 'sending' | 'digested' }>;

/** What one attempt changes: the delivery, and when its channel may be written to again. */
export interface Verdict {
  readonly state: NextState;
  /** Set when the next attempt must use the plain format. */
  readonly plain: boolean;
  /** The platform keeps the whole channel waiting until then; null if it need not wait. */
  readonly channelReadyAt: Date | null;
  /** The channel's own pace is used up until then; null if it is not. */
  readonly pacedUntil: Date | null;
  /** Why the platform refuses this channel; null clears an earlier refusal; undefined leaves it. */
  readonly channelTrouble: RefusalReason | null | undefined;
}

const SECOND_MS = 1_000;
const HOUR_MS = 3_600_000;
const FIRST_RETRY_MS = 5 * SECOND_MS;
const LONGEST_RETRY_MS = HOUR_MS;
const FIRST_PROBE_MS = 5 * 60 * SECOND_MS;
const LONGEST_PROBE_MS = 24 * HOUR_MS;
/** A promise older than this is news no more: a channel that comes back after a month is not flooded. */
const PROMISE_HOLDS_MS = 7 * 24 * HOUR_MS;
/** Looks for a message of unknown fate before it is posted again: about half an hour in all. */
const MAX_CHECKS = 6;
/** A request given up on our side may still be under way on theirs. */
const FIRST_CHECK_MS = 5 * SECOND_MS;

type Unsettled = Tried & { readonly checks: number };
type Tried = Pick<Delivery, 'promisedAt' | 'plain' | 'attempts'>;

/**
 * The whole retry policy. `attempts` includes this one: claiming counts it, so a crash counts too.
 * Being throttled gives the attempt back; only time, or a message no format can carry, ends a promise.
 */
export function afterAttempt(tried: Tried, outcome: PostOutcome, now: Date): Verdict {
  const { attempts, plain } = tried;
  const verdict = (state: NextState, rest: Partial<Verdict> = {}): Verdict => ({
    ...unchangedBut(state, plain),
    ...rest,
  });
  switch (outcome.kind) {
    case 'posted':
      return verdict({ kind: 'sent', messageId: outcome.messageId, at: now }, { channelTrouble: null });
    case 'throttled': {
      const readyAt = later(now, outcome.retryAfterMs);
      return verdict({ kind: 'pending', dueAt: readyAt, attempts: attempts - 1 }, { channelReadyAt: readyAt });
    }
    case 'refused': {
      const probeAt = later(now, backoffMs(FIRST_PROBE_MS, attempts, LONGEST_PROBE_MS));
      return verdict(retryOrGiveUp(tried, probeAt, outcome.reason, now), {
        channelReadyAt: probeAt,
        channelTrouble: outcome.reason,
      });
    }
    case 'malformed':
      return plain
        ? verdict({ kind: 'abandoned', reason: `malformed: ${outcome.detail}`, at: now })
        : verdict({ kind: 'pending', dueAt: now, attempts }, { plain: true });
    case 'unavailable':
      return verdict(retryOrGiveUp(tried, later(now, retryDelayMs(attempts)), outcome.detail, now));
    case 'unknown':
      return verdict({ kind: 'unknown', dueAt: later(now, FIRST_CHECK_MS), attempts, checks: 0 });
  }
}

/** The channel's pace leaves no room before `slot`: nothing was tried, so the attempt is given back. */
export function waitForSlot(tried: Tried, slot: Date, now: Date): Verdict {
  const state: NextState = { kind: 'pending', dueAt: now, attempts: tried.attempts - 1 };
  return { ...unchangedBut(state, tried.plain), pacedUntil: slot };
}

/**
 * What a look for a message of unknown fate changes. One that can never be settled is posted again in the end:
 * a rare repeat harms less than an outage notice nobody saw.
 */
export function afterFind(unknown: Unsettled, outcome: FindOutcome, now: Date): Verdict {
  const verdict = unchangedBut(stateAfterFind(unknown, outcome, now), unknown.plain);
  return outcome.kind === 'found' ? { ...verdict, channelTrouble: null } : verdict;
}

function stateAfterFind(unknown: Unsettled, outcome: FindOutcome, now: Date): NextState {
  const { attempts } = unknown;
  switch (outcome.kind) {
    case 'found':
      return { kind: 'sent', messageId: outcome.messageId, at: now };
    case 'absent':
      return { kind: 'pending', dueAt: now, attempts };
    case 'cannot-tell': {
      const checks = unknown.checks + 1;
      if (checks >= MAX_CHECKS) return { kind: 'pending', dueAt: now, attempts };
      return { kind: 'unknown', dueAt: later(now, backoffMs(60 * SECOND_MS, checks, HOUR_MS)), attempts, checks };
    }
  }
}

function unchangedBut(state: NextState, plain: boolean): Verdict {
  return { state, plain, channelReadyAt: null, pacedUntil: null, channelTrouble: undefined };
}

function retryOrGiveUp(tried: Tried, dueAt: Date, reason: string, now: Date): NextState {
  return dueAt.getTime() - tried.promisedAt.getTime() > PROMISE_HOLDS_MS
    ? { kind: 'abandoned', reason, at: now }
    : { kind: 'pending', dueAt, attempts: tried.attempts };
}

function retryDelayMs(attempts: number): number {
  return backoffMs(FIRST_RETRY_MS, attempts, LONGEST_RETRY_MS);
}

function backoffMs(firstMs: number, attempts: number, longestMs: number): number {
  return Math.min(firstMs * 2 ** Math.min(Math.max(attempts - 1, 0), 20), longestMs);
}
