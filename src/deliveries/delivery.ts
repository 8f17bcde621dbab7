import type { DeliveryId } from '../ids.js';
import type { ChannelRef } from '../chat/channel.js';
import { MESSAGE_FORMATS, type MessageFormat } from '../chat/message.js';
import type { FindOutcome, PostOutcome } from '../chat/post-outcome.js';
import { later } from '../clock.js';
import type { Settling } from './settling.js';
import { leaving, type NextState, type Verdict } from './verdict.js';

/** The promise that one channel hears of one post, taken for work. Unique on (post, channel), whatever matched. */
export interface Delivery {
  readonly id: DeliveryId;
  readonly channel: ChannelRef;
  readonly promisedAt: Date;
  /** Attempts so far; claiming one counts it, so that a crash counts too. */
  readonly attempts: number;
  /** Simpler once the platform called one malformed, or nothing else helped. */
  readonly format: MessageFormat;
  /** True once it failed so often that those after it in its channel do not wait for it. */
  readonly aside: boolean;
  /** Since it was first tried, another message got through in its workspace. */
  readonly othersSent: boolean;
}

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const FIRST_RETRY_MS = 5 * SECOND_MS;
const LONGEST_RETRY_MS = 10 * MINUTE_MS;
const FIRST_PROBE_MS = 5 * MINUTE_MS;
const LONGEST_PROBE_MS = 24 * HOUR_MS;
/** A promise older than this is news no more: a channel that comes back after a month is not flooded. */
const PROMISE_HOLDS_MS = 7 * 24 * HOUR_MS;
/** An early look may find the message; what it does not find it proves nothing about. */
const FIRST_CHECK_MS = 5 * SECOND_MS;
const LONGEST_CHECK_MS = 5 * MINUTE_MS;
/** A platform that is away for hours is asked again; one that was asked for a day cannot tell. */
const LOOKED_FOR_MS = 24 * HOUR_MS;
/**
 * While others get through, the message itself may be what its platform chokes on. Where a third of all requests fail, one
 * in a million messages fails so often as to step aside; a channel whose message can never pass is silent for an hour.
 */
const BARE_AFTER = 6;
const ASIDE_AFTER = 12;

type Tried = Pick<Delivery, 'promisedAt' | 'format' | 'attempts' | 'aside' | 'othersSent'>;
export type Unsettled = Tried & { readonly checks: number; readonly since: Date };

/**
 * The whole retry policy. `attempts` includes this one: claiming counts it, so a crash counts too.
 * Being throttled gives the attempt back; only time, or a message no format can carry, ends a promise.
 */
export function afterAttempt(tried: Tried, outcome: PostOutcome, now: Date): Verdict {
  const { attempts, format } = tried;
  switch (outcome.kind) {
    case 'posted':
      return afterPosted(tried, outcome, now);
    case 'throttled': {
      const readyAt = later(now, outcome.retryAfterMs);
      return waiting(leaving({ kind: 'pending', dueAt: readyAt, attempts: attempts - 1 }, tried), outcome, readyAt);
    }
    case 'refused': {
      const probeAt = probeAfter(attempts, now);
      const verdict = leaving(retryOrGiveUp(tried, probeAt, outcome.reason, now), tried);
      return { ...verdict, channelReadyAt: probeAt, channelTrouble: outcome.reason };
    }
    case 'malformed': {
      const simpler = MESSAGE_FORMATS[MESSAGE_FORMATS.indexOf(format) + 1];
      return simpler === undefined
        ? leaving({ kind: 'abandoned', reason: `malformed: ${outcome.detail}`, at: now }, tried)
        : { ...leaving({ kind: 'pending', dueAt: now, attempts }, tried), format: simpler };
    }
    case 'unavailable': {
      const next = later(now, retryDelayMs(attempts));
      return leaving(retryOrGiveUp(tried, next, outcome.detail, now), lastResorts(tried));
    }
    case 'unknown':
      return leaving({ kind: 'unknown', dueAt: later(now, FIRST_CHECK_MS), attempts, checks: 0, since: now }, tried);
  }
}

/** The channel's pace leaves no room before `slot`: nothing was tried, so the attempt is given back. */
export function waitForSlot(tried: Tried, slot: Date, now: Date): Verdict {
  return { ...leaving({ kind: 'pending', dueAt: now, attempts: tried.attempts - 1 }, tried), pacedUntil: slot };
}

/**
 * What a look for a message of unknown fate changes. Finding it settles it at once; not finding it does so only once the
 * lost request cannot be carried out any more.
 */
export function afterFind(
  unknown: Unsettled,
  outcome: Exclude<FindOutcome, { readonly kind: 'repeatable' }>,
  { now, ...settling }: Settling & { readonly now: Date },
): Verdict {
  const settlesAt = later(unknown.since, settling.settleMs);
  switch (outcome.kind) {
    case 'found':
      return afterPosted(unknown, outcome, now);
    case 'absent':
      return now < settlesAt ? stillUnknown(unknown, settlesAt) : tryAgain(unknown, now);
    case 'throttled':
      return stillUnknown(unknown, later(now, outcome.retryAfterMs));
    case 'cannot-tell': {
      if (outcome.lasting === true || now.getTime() - unknown.since.getTime() > LOOKED_FOR_MS) {
        return now < settlesAt
          ? stillUnknown(unknown, settlesAt)
          : decideUnsure(unknown, outcome.detail, { now, ...settling });
      }
      return lookAgain(unknown, now);
    }
  }
}

/**
 * What posting again changes where the platform itself drops a second copy. Only the message itself settles the
 * delivery: a failure says nothing about the first request.
 */
export function afterRepeat(unknown: Unsettled, outcome: PostOutcome, now: Date): Verdict {
  const again = { ...unknown, attempts: unknown.attempts + 1 };
  switch (outcome.kind) {
    case 'posted':
    case 'malformed':
      return afterAttempt(again, outcome, now);
    case 'throttled': {
      const readyAt = later(now, outcome.retryAfterMs);
      return waiting(stillUnknown(unknown, readyAt), outcome, readyAt);
    }
    case 'refused': {
      const probeAt = probeAfter(again.attempts, now);
      return { ...stillUnknown(again, probeAt), channelReadyAt: probeAt, channelTrouble: outcome.reason };
    }
    case 'unavailable':
      return lookAgain(again, now);
    case 'unknown':
      return lookAgain({ ...again, since: now }, now);
  }
}

/**
 * A message that alone does not get through lets the others pass: it failed often, in its barest form too, while its
 * workspace took others. When nothing gets through, the order is kept.
 */
export function stepsAside({ attempts, format, othersSent }: Tried): boolean {
  return othersSent && format === 'bare' && attempts >= ASIDE_AFTER;
}

function lastResorts(tried: Tried): Pick<Verdict, 'format' | 'aside'> {
  const { attempts, format, othersSent, aside } = tried;
  return { format: othersSent && attempts >= BARE_AFTER ? 'bare' : format, aside: aside || stepsAside(tried) };
}

function afterPosted(
  tried: Tried,
  { messageId, channelFreeInMs = 0 }: { readonly messageId: string; readonly channelFreeInMs?: number },
  now: Date,
): Verdict {
  const channelReadyAt = channelFreeInMs > 0 ? later(now, channelFreeInMs) : null;
  return { ...leaving({ kind: 'sent', messageId, at: now }, tried), channelReadyAt, channelTrouble: null };
}

function waiting(verdict: Verdict, { scope }: { readonly scope?: 'platform' }, readyAt: Date): Verdict {
  return scope === 'platform' ? { ...verdict, platformReadyAt: readyAt } : { ...verdict, channelReadyAt: readyAt };
}

/** Surely not there: posted again, at once but for one that others need not wait for. */
function tryAgain(tried: Tried, now: Date): Verdict {
  const resorts = lastResorts(tried);
  const dueAt = resorts.aside ? later(now, retryDelayMs(tried.attempts)) : now;
  return leaving(retryOrGiveUp(tried, dueAt, 'lost again and again', now), resorts);
}

function decideUnsure(unknown: Unsettled, detail: string, { now, whenUnsure }: Settling & { readonly now: Date }) {
  if (whenUnsure === 'repeat') return tryAgain(unknown, now);
  return leaving({ kind: 'abandoned', reason: `may be posted, nobody can tell: ${detail}`, at: now }, unknown);
}

function lookAgain(unknown: Unsettled, now: Date): Verdict {
  const checks = unknown.checks + 1;
  const aside = unknown.aside || (checks >= ASIDE_AFTER && unknown.othersSent);
  const dueAt = later(now, backoffMs(FIRST_CHECK_MS, checks, LONGEST_CHECK_MS));
  return { ...stillUnknown({ ...unknown, checks }, dueAt), aside };
}

function stillUnknown(unknown: Unsettled, dueAt: Date): Verdict {
  const { attempts, checks, since } = unknown;
  return leaving({ kind: 'unknown', dueAt, attempts, checks, since }, unknown);
}

function retryOrGiveUp(tried: Tried, dueAt: Date, reason: string, now: Date): NextState {
  return dueAt.getTime() - tried.promisedAt.getTime() > PROMISE_HOLDS_MS
    ? { kind: 'abandoned', reason, at: now }
    : { kind: 'pending', dueAt, attempts: tried.attempts };
}

function probeAfter(attempts: number, now: Date): Date {
  return later(now, backoffMs(FIRST_PROBE_MS, attempts, LONGEST_PROBE_MS));
}

function retryDelayMs(attempts: number): number {
  return backoffMs(FIRST_RETRY_MS, attempts, LONGEST_RETRY_MS);
}

function backoffMs(firstMs: number, attempts: number, longestMs: number): number {
  return Math.min(firstMs * 2 ** Math.min(Math.max(attempts - 1, 0), 20), longestMs);
}
