import { later } from '../clock.js';
import type { FetchFailure, FetchOutcome } from './fetch-outcome.js';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
const USUAL_INTERVAL_MS = 60 * MINUTE_MS;
const LIVELY_INTERVAL_MS = 30 * MINUTE_MS;
/** When an origin says "too many requests" without saying for how long. */
const THROTTLED_MS = 4 * 60 * MINUTE_MS;
const CHALLENGED_MS = 4 * 60 * MINUTE_MS;
/** Polls that fall due together are spread over this share of their interval. */
const JITTER = 0.25;

/** What of a feed's past decides when it is polled next. */
export interface PollHistory {
  /** Polls that failed since the last good one, before this one. */
  readonly failures: number;
  /** When a poll last brought something new; null if none has. */
  readonly lastNewAt: Date | null;
}

/**
 * When to poll again: never earlier than the origin asked, never later than a day and a quarter, never "no more".
 * `random` is in [0, 1).
 */
export function nextPollAt(outcome: FetchOutcome, history: PollHistory, now: Date, random: number): Date {
  return later(now, Math.round(intervalMs(outcome, history, now) * (1 + JITTER * random)));
}

function intervalMs(outcome: FetchOutcome, history: PollHistory, now: Date): number {
  switch (outcome.kind) {
    case 'fetched':
    case 'unchanged':
      return Math.max(livelinessMs(history, now), Math.min(outcome.freshForMs ?? 0, DAY_MS));
    case 'throttled':
      return Math.max(Math.min(outcome.retryAfterMs ?? THROTTLED_MS, DAY_MS), USUAL_INTERVAL_MS);
    case 'gone':
      return DAY_MS;
    case 'failed':
      return backOffMs(outcome.reason === 'challenge' ? CHALLENGED_MS : USUAL_INTERVAL_MS, history.failures);
  }
}

/** Half an hour while the feed brought something new in the last day, else an hour: simple, and kind to quiet origins. */
function livelinessMs(history: PollHistory, now: Date): number {
  const quietMs = history.lastNewAt ? now.getTime() - history.lastNewAt.getTime() : Infinity;
  return quietMs < DAY_MS ? LIVELY_INTERVAL_MS : USUAL_INTERVAL_MS;
}

function backOffMs(firstMs: number, failuresBefore: number): number {
  return Math.min(firstMs * 2 ** Math.min(failuresBefore, 10), DAY_MS);
}

/** What is wrong and what to do, for a person, to be read after the feed's name ("Feed X …"). Null if nothing is. */
export function pollTrouble(outcome: FetchOutcome): string | null {
  switch (outcome.kind) {
    case 'fetched':
    case 'unchanged':
      return null;
    case 'throttled':
      return `answered ${statusText(outcome.status)}: it asks to be polled less often, so it is left alone for a while`;
    case 'gone':
      return 'answered 410 Gone: its publisher has removed it for good, so look for a new address';
    case 'failed':
      return outcome.status === null || outcome.reason !== 'status'
        ? FAILURE_TEXT[outcome.reason]
        : statusTrouble(outcome.status);
  }
}

const FAILURE_TEXT: Readonly<Record<FetchFailure, string>> = {
  dns: 'has a host name that cannot be resolved: check the spelling of the address',
  tls: 'has a TLS certificate that cannot be trusted: its publisher must renew or mend it',
  connection: 'could not be reached: the connection was refused or broke off',
  timeout: 'did not answer in time',
  status: 'gave an unexpected answer',
  'too-large': 'is larger than 10 MiB: its publisher must shorten it',
  redirects: 'redirects in a circle, too often, or to nowhere: check the address',
  'blocked-address': 'has an address that may not be polled: only public addresses, or those the operator allows',
  challenge: 'answers with a check for human visitors: ask its publisher to let feed readers through',
  'not-a-feed': 'is a web page or something else, not a feed: look for the feed address on that page',
};

function statusTrouble(status: number): string {
  if (status === 401 || status === 403) return `answered ${statusText(status)}: it refuses to be read by this bot`;
  if (status >= 500) return `answered ${statusText(status)}: its server has trouble of its own`;
  return `answered ${statusText(status)}: check the address`;
}

/** Reason phrases of RFC 9110, for the statuses that feeds really answer. */
const STATUS_NAMES: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  402: 'Payment Required',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  406: 'Not Acceptable',
  408: 'Request Timeout',
  429: 'Too Many Requests',
  451: 'Unavailable For Legal Reasons',
  500: 'Internal Server Error',
  502: 'Bad Gateway',
  503: 'Service Unavailable',
  504: 'Gateway Timeout',
};

function statusText(status: number): string {
  const name = STATUS_NAMES[status];
  return name ? `${String(status)} ${name}` : String(status);
}
