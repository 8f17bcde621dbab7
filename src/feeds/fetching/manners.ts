import type { Dispatcher } from 'undici';
import type { Clock } from '../../clock.js';
import {
  afterAnswer,
  afterRequest,
  chainFrom,
  createMemories,
  hashOf,
  newMemory,
  pauseEndsMs,
  type AddressMemory,
  type Memories,
  type SeenAnswer,
  type SentConditions,
} from './address-memory.js';
import { headerLookup } from './header-lookup.js';
import { judge, type ValidatorHistory, type ValidatorVerdict } from './validator-history.js';

/**
 * How our polls behave, counted from the requests themselves as a publisher would count them
 * (rachelbythebay.com/fs/help.html). All but the first three should stay at 0.
 */
export interface Manners {
  readonly requests: number;
  readonly conditional: number;
  readonly unconditional: number;
  /** Without a condition, although the address had given a validator. */
  readonly unconditionalAgain: number;
  /** With a validator that was given once, but is not the latest. */
  readonly outOfSequence: number;
  /** With a validator that the address never gave. */
  readonly bogus: number;
  /** Within a minute of the last, or before a Retry-After had passed. */
  readonly early: number;
  readonly cookies: number;
  readonly referrers: number;
  /** To an address that is neither the feed's own, to the letter, nor one it redirects to. */
  readonly altered: number;
}

export type Dispatch = Dispatcher['dispatch'];
/** `feedUrl` is the address that is polled, whichever hop of its redirects this is. */
export type WatchedOptions = Dispatcher.DispatchOptions & { readonly feedUrl?: URL | undefined };

export interface MannersWatch {
  readonly watch: (dispatch: Dispatch) => Dispatch;
  readonly counts: () => Manners;
}

type Count = { -readonly [Name in keyof Manners]: number };

const MAX_ADDRESSES = 20_000;
const MINUTE_MS = 60_000;

/** Watches requests on their way out and answers on their way in; it changes neither. Forgets all when the process ends. */
export function createManners(clock: Clock, maxAddresses = MAX_ADDRESSES): MannersWatch {
  const memories = createMemories(maxAddresses);
  const count = noCounts();
  const watch =
    (dispatch: Dispatch): Dispatch =>
    (options: WatchedOptions, handler) => {
      const url = `${String(options.origin)}${options.path}`;
      const key = hashOf(url);
      onRequest({ memories, count, nowMs: clock().getTime() }, key, options);
      return dispatch(options, {
        ...handler,
        onResponseStart: (controller, status, headers, text) => {
          if (status >= 200) onAnswer(memories, key, { url, status, header: headerLookup(headers), now: clock() });
          handler.onResponseStart?.(controller, status, headers, text);
        },
      });
    };
  return { watch, counts: () => ({ ...count }) };
}

interface Moment {
  readonly memories: Memories;
  readonly count: Count;
  readonly nowMs: number;
}

function onRequest({ memories, count, nowMs }: Moment, key: number, options: WatchedOptions): void {
  const header = headerLookup(options.headers);
  const sent = { etag: header('if-none-match'), lastModified: header('if-modified-since') };
  const conditional = (sent.etag ?? sent.lastModified) !== null;
  const before = memories.get(key);
  const origin = memories.get(hashOf(String(options.origin)));
  const faults: Partial<Record<keyof Manners, boolean>> = {
    unconditionalAgain: !conditional && hasGiven(before),
    early: nowMs < Math.max(readyAtMs(before), readyAtMs(origin)),
    cookies: header('cookie') !== null,
    referrers: header('referer') !== null,
    altered: !leadsTo(memories, options.feedUrl, key),
  };
  count.requests += 1;
  count[conditional ? 'conditional' : 'unconditional'] += 1;
  for (const name of Object.keys(faults) as (keyof Manners)[]) if (faults[name]) count[name] += 1;
  for (const verdict of verdictsOn(sent, chainFrom(memories, key))) if (verdict !== 'good') count[verdict] += 1;
  memories.set(key, afterRequest(before ?? newMemory(conditional), sent, nowMs));
}

function onAnswer(memories: Memories, key: number, answer: SeenAnswer): void {
  const memory = memories.get(key);
  if (memory) memories.set(key, afterAnswer(memory, answer));
  // "Too many requests" is meant for all that is asked of an origin.
  const notBeforeMs = answer.status === 429 ? pauseEndsMs(answer) : null;
  if (notBeforeMs !== null) memories.set(hashOf(new URL(answer.url).origin), { ...newMemory(true), notBeforeMs });
}

/** An address that was never asked before is not judged. */
function verdictsOn(sent: SentConditions, chain: readonly AddressMemory[]): ValidatorVerdict[] {
  const verdict = (value: string | null, historyOf: (memory: AddressMemory) => ValidatorHistory) =>
    value === null || chain.length === 0 ? 'good' : judge(hashOf(value), chain.map(historyOf));
  return [verdict(sent.etag, ({ etag }) => etag), verdict(sent.lastModified, ({ lastModified }) => lastModified)];
}

/** Is this the feed's own address, or one it was seen to redirect to? */
function leadsTo(memories: Memories, feedUrl: URL | undefined, key: number): boolean {
  if (!feedUrl) return true;
  const own = hashOf(feedUrl.origin + feedUrl.pathname + feedUrl.search);
  return own === key || chainFrom(memories, own).some(({ redirectsTo }) => redirectsTo === key);
}

function readyAtMs(memory: AddressMemory | undefined): number {
  return memory ? Math.max(memory.askedAtMs + MINUTE_MS, memory.notBeforeMs) : 0;
}

function hasGiven(memory: AddressMemory | undefined): boolean {
  return (memory?.etag.latest ?? memory?.lastModified.latest ?? null) !== null;
}

function noCounts(): Count {
  return {
    requests: 0,
    conditional: 0,
    unconditional: 0,
    unconditionalAgain: 0,
    outOfSequence: 0,
    bogus: 0,
    early: 0,
    cookies: 0,
    referrers: 0,
    altered: 0,
  };
}
