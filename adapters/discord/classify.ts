import { DiscordAPIError, HTTPError, RateLimitError } from 'discord.js';
import type { PostOutcome } from '../../src/chat/post-outcome.js';
import { GateClosedError, WireError } from './wire-error.js';

type Class = 'gone' | 'not-allowed' | 'credentials' | 'malformed' | 'busy';

/** Discord's JSON error codes (docs: topics/opcodes-and-status-codes), by what they mean for one message. */
const BY_CODE: ReadonlyMap<number, Class> = new Map([
  ...of('gone', 10003, 10004),
  ...of('not-allowed', 50001, 50013, 50007, 50008, 50024, 50083, 50101, 50278, 160005, 40067),
  ...of('credentials', 40001, 50014),
  // 10008: this message was there and somebody deleted it; telling it again is not ours to decide.
  ...of('malformed', 10087, 50035, 50006, 50109, 40005, 240000, 200000, 10008),
  ...of('busy', 20016, 20028, 20029, 40062, 110001, 130000, 160006, 160007),
]);

/** What a thrown value says became of a message. Decided by type, status and code alone. */
export function classify(thrown: unknown): PostOutcome {
  if (thrown instanceof GateClosedError) return thrown.outcome;
  if (thrown instanceof RateLimitError) {
    return { kind: 'throttled', retryAfterMs: Math.ceil(Math.max(thrown.retryAfter, thrown.timeToReset, 1_000)) };
  }
  if (thrown instanceof DiscordAPIError) return classifyRefusal(thrown.code, thrown.status);
  if (thrown instanceof HTTPError) return classifyServerError(thrown.status);
  if (thrown instanceof WireError && thrown.fate === 'not-sent') return { kind: 'unavailable', detail: thrown.message };
  return { kind: 'unknown', detail: thrown instanceof Error ? thrown.message : String(thrown) };
}

/** 502 is "no gateway was available to process your request"; after any other 5xx the message may stand. */
function classifyServerError(status: number): PostOutcome {
  return { kind: status === 502 ? 'unavailable' : 'unknown', detail: `status ${String(status)}` };
}

function classifyRefusal(code: number | string, status: number): PostOutcome {
  const detail = `status ${String(status)}, code ${String(code)}`;
  switch (BY_CODE.get(Number(code)) ?? classOfStatus(code, status)) {
    case 'gone':
      return { kind: 'refused', reason: 'channel-gone' };
    case 'not-allowed':
      return { kind: 'refused', reason: 'not-allowed' };
    case 'credentials':
      return { kind: 'refused', reason: 'bad-credentials' };
    case 'malformed':
      return { kind: 'malformed', detail };
    case 'busy':
      return { kind: 'unavailable', detail };
  }
}

/** A code we do not know. Without any code it was a proxy that answered, which says nothing about the channel. */
function classOfStatus(code: number | string | undefined, status: number): Class {
  if (status === 401) return 'credentials';
  if (typeof code !== 'number') return 'busy';
  if (status === 403) return 'not-allowed';
  return status === 400 || status === 413 ? 'malformed' : 'busy';
}

function of(meaning: Class, ...codes: readonly number[]): [number, Class][] {
  return codes.map((code) => [code, meaning]);
}
