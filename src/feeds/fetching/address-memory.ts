import { httpUrl } from '../../posts/http-url.js';
import { retryAfterMs } from './freshness.js';
import { afterGiven, afterSent, BEFORE_OUR_TIME, NEVER_GIVEN, type ValidatorHistory } from './validator-history.js';

/** What was seen of one address, or of an origin, which only ever has `notBeforeMs`. */
export interface AddressMemory {
  readonly etag: ValidatorHistory;
  readonly lastModified: ValidatorHistory;
  readonly askedAtMs: number;
  readonly notBeforeMs: number;
  readonly redirectsTo: number | null;
}

/** Of the addresses asked last, by hash. */
export interface Memories {
  readonly get: (key: number) => AddressMemory | undefined;
  readonly set: (key: number, memory: AddressMemory) => void;
}

export interface SentConditions {
  readonly etag: string | null;
  readonly lastModified: string | null;
}

export interface SeenAnswer {
  readonly url: string;
  readonly status: number;
  readonly header: (name: string) => string | null;
  readonly now: Date;
}

const MAX_CHAIN = 6;

/**
 * 53 bits by two FNV-like sums: enough to tell some ten thousand addresses apart. It stands in the way of each poll, so
 * no cryptographic hash, and nobody gains by a collision.
 */
export function hashOf(text: string): number {
  let high = 0xdeadbeef;
  let low = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index);
    high = Math.imul(high ^ unit, 0x85ebca6b);
    low = Math.imul(low ^ unit, 0x01000193);
    high ^= high >>> 15;
  }
  return (high >>> 11) * 2 ** 32 + (low >>> 0);
}

/** Two halves: when the young one is full, what was not asked since is forgotten with the old. */
export function createMemories(limit: number): Memories {
  let old = new Map<number, AddressMemory>();
  let young = new Map<number, AddressMemory>();
  return {
    get: (key) => young.get(key) ?? old.get(key),
    set: (key, memory) => {
      young.set(key, memory);
      if (young.size < limit / 2) return;
      old = young;
      young = new Map();
    },
  };
}

/** An address and those it redirects to: a validator may come from any of them. */
export function chainFrom(memories: Memories, start: number): AddressMemory[] {
  const chain: AddressMemory[] = [];
  for (let key: number | null = start; key !== null && chain.length < MAX_CHAIN;) {
    const memory = memories.get(key);
    if (memory) chain.push(memory);
    key = memory?.redirectsTo ?? null;
  }
  return chain;
}

export function newMemory(conditional: boolean): AddressMemory {
  const history = conditional ? BEFORE_OUR_TIME : NEVER_GIVEN;
  return { etag: history, lastModified: history, askedAtMs: -Infinity, notBeforeMs: 0, redirectsTo: null };
}

export function afterRequest(
  memory: AddressMemory,
  { etag, lastModified }: SentConditions,
  nowMs: number,
): AddressMemory {
  return {
    ...memory,
    etag: etag === null ? memory.etag : afterSent(memory.etag, hashOf(etag)),
    lastModified: lastModified === null ? memory.lastModified : afterSent(memory.lastModified, hashOf(lastModified)),
    askedAtMs: nowMs,
  };
}

/** A whole answer states both validators, an absent one too; "not modified" states those that it carries. */
export function afterAnswer(memory: AddressMemory, answer: SeenAnswer): AddressMemory {
  const { status, header } = answer;
  const whole = status === 200 || status === 203;
  const next = (history: ValidatorHistory, value: string | null) =>
    whole || (status === 304 && value !== null) ? afterGiven(history, value === null ? null : hashOf(value)) : history;
  return {
    etag: next(memory.etag, header('etag')),
    lastModified: next(memory.lastModified, header('last-modified')),
    askedAtMs: memory.askedAtMs,
    notBeforeMs: pauseEndsMs(answer) ?? memory.notBeforeMs,
    redirectsTo: redirectOf(answer),
  };
}

/** Until when the answer asks for a pause; null if it does not. */
export function pauseEndsMs({ status, header, now }: SeenAnswer): number | null {
  const pauseMs = status === 429 || status === 503 ? retryAfterMs(header('retry-after'), now) : null;
  return pauseMs === null ? null : now.getTime() + pauseMs;
}

function redirectOf({ status, header, url }: SeenAnswer): number | null {
  const location = status > 300 && status < 400 ? header('location') : null;
  const target = location === null ? null : httpUrl(location, new URL(url));
  return target && hashOf(target.origin + target.pathname + target.search);
}
