import type { ParseOutcome } from './reading/feed-document.js';
import type { FetchFailure, FetchOutcome } from './fetching/fetch-outcome.js';

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

/** What a body is that is no feed, by what it looks like; to be read after the feed's name. */
export const NOT_A_FEED: Readonly<Record<Extract<ParseOutcome, { kind: 'not-a-feed' }>['looksLike'], string>> = {
  html: 'is a web page, not a feed: look for the feed address on that page',
  empty: 'is an empty document',
  'broken-xml': 'is a feed too broken to be read: its publisher must mend it',
  'beyond-bounds': 'takes more time or memory to read than any feed should: its publisher must make it smaller',
  other: 'is neither RSS, Atom nor JSON Feed: check the address',
};

/** Whether trying again later may help. */
export function mayPass(outcome: FetchOutcome): boolean {
  if (outcome.kind !== 'failed') return outcome.kind === 'throttled';
  return outcome.reason === 'timeout' || outcome.reason === 'connection' || (outcome.status ?? 0) >= 500;
}
