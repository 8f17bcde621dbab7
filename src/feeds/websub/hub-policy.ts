import { later } from '../../clock.js';
import type { AfterAsking, HubMode, HubSubscription } from './hub-store.js';
import type { PostFormOutcome } from '../fetching/post-form.js';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** What a hub is asked for; it may grant another. */
export const ASKED_LEASE_MS = 10 * DAY_MS;
/** A hub that promises more is renewed as if it had not, so that a wrong promise ends some day. */
const LONGEST_LEASE_MS = 30 * DAY_MS;
/** A shorter lease is not kept up: the feed is polled instead. */
const SOONEST_RENEWAL_MS = 5 * MINUTE_MS;
/** After a poll found what a trusted hub had not pushed. */
export const DISTRUST_MS = 7 * DAY_MS;
/** After a hub said no. */
const DENIED_FOR_MS = 7 * DAY_MS;
/** A hub that does not answer to "unsubscribe" is told this often; its pushes are refused anyway. */
const GOODBYES = 3;

export interface Asked {
  readonly mode: HubMode;
  /** Requests of this mode since the hub last verified one, this one included. */
  readonly attempts: number;
}

/** The whole retry policy: an hour, doubling up to a day, or as long as the hub asks; a refusal waits a day at once. */
export function afterAsking({ mode, attempts }: Asked, reply: PostFormOutcome, now: Date): AfterAsking {
  const trouble = troubleOf(reply);
  const refused = reply.kind === 'answered' && reply.status >= 400 && reply.status < 500;
  if (mode === 'unsubscribe' && (refused || attempts >= GOODBYES)) {
    return { dueAt: later(now, LONGEST_LEASE_MS), over: true, trouble };
  }
  const asksForMs = reply.kind === 'answered' ? (reply.retryAfterMs ?? 0) : 0;
  const waitMs = refused ? DAY_MS : Math.min(DAY_MS, Math.max(asksForMs, HOUR_MS * 2 ** (attempts - 1)));
  return { dueAt: later(now, waitMs), over: false, trouble };
}

function troubleOf(reply: PostFormOutcome): string | null {
  if (reply.kind === 'failed') return `the hub could not be reached (${reply.reason})`;
  return reply.status >= 200 && reply.status < 300 ? null : `the hub answered ${String(reply.status)}`;
}

/** A hub's GET to the callback (WebSub §5.2, §5.3). */
export type HubQuestion =
  | {
      readonly kind: 'verify';
      readonly mode: HubMode;
      readonly topic: string;
      readonly challenge: string;
      readonly leaseMs: number | null;
    }
  | { readonly kind: 'denied'; readonly topic: string; readonly reason: string };

/** Null: no question that a hub may ask. A parameter that comes twice counts as none. */
export function readQuestion(query: Readonly<Record<string, unknown>>): HubQuestion | null {
  const text = (name: string) => {
    const value = query[name];
    return typeof value === 'string' ? value : null;
  };
  const mode = text('hub.mode');
  const topic = text('hub.topic');
  const challenge = text('hub.challenge');
  if (topic === null) return null;
  if (mode === 'denied') return { kind: 'denied', topic, reason: text('hub.reason') ?? '' };
  if ((mode !== 'subscribe' && mode !== 'unsubscribe') || challenge === null || challenge === '') return null;
  return { kind: 'verify', mode, topic, challenge, leaseMs: leaseMs(text('hub.lease_seconds')) };
}

function leaseMs(seconds: string | null): number | null {
  return seconds !== null && /^\d{1,12}$/.test(seconds) && Number(seconds) > 0 ? Number(seconds) * 1000 : null;
}

export type HubVerdict =
  | { readonly kind: 'refused' }
  /** It asks about what stands already: agreed, and nothing changes. */
  | { readonly kind: 'confirmed' }
  | { readonly kind: 'active'; readonly leaseUntil: Date; readonly renewAt: Date }
  | { readonly kind: 'over' }
  | { readonly kind: 'denied'; readonly dueAt: Date };

/** Whether we agree with what a hub says we asked for. Anything but what we wait for, letter by letter, is refused. */
export function answerTo(question: HubQuestion, subscription: HubSubscription, now: Date): HubVerdict {
  if (question.topic !== subscription.topic.href) return { kind: 'refused' };
  if (question.kind === 'denied') return { kind: 'denied', dueAt: later(now, DENIED_FOR_MS) };
  const isAsked = question.mode === subscription.asked;
  if (question.mode === 'unsubscribe') return { kind: isAsked ? 'over' : 'refused' };
  if (subscription.feedId === null) return { kind: 'refused' };
  if (isAsked) return { kind: 'active', ...leaseOf(question.leaseMs, now) };
  return { kind: subscription.state === 'active' ? 'confirmed' : 'refused' };
}

/** Renewed when half of it is over. */
function leaseOf(grantedMs: number | null, now: Date): { readonly leaseUntil: Date; readonly renewAt: Date } {
  const ms = Math.min(grantedMs ?? ASKED_LEASE_MS, LONGEST_LEASE_MS);
  return { leaseUntil: later(now, ms), renewAt: later(now, Math.max(Math.ceil(ms / 2), SOONEST_RENEWAL_MS)) };
}
