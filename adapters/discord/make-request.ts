import { STATUS_CODES, type IncomingHttpHeaders } from 'node:http';
import type { RESTOptions } from 'discord.js';
import { request } from 'undici';
import { errorText } from '../../src/log.js';
import type { Gate } from './gate.js';
import type { Rooms } from './rooms.js';
import { GateClosedError, WireError } from './wire-error.js';

type MakeRequest = RESTOptions['makeRequest'];

/** A 429 that names no wait comes from Cloudflare, where 10,000 refused requests in 10 minutes ban the address. */
const UNSTATED_WAIT_MS = 60_000;
const SHORTEST_WAIT_MS = 1_000;
/** Failures before the first byte of the request: the connection never stood. */
const NEVER_CONNECTED = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EADDRNOTAVAIL',
  'UND_ERR_CONNECT_TIMEOUT',
  'CERT_HAS_EXPIRED',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'ERR_TLS_CERT_ALTNAME_INVALID',
]);

/**
 * Replaces discord.js' own request, which lets a stalled body hang, kills the process when an unread body's socket
 * closes, and repeats a 429 without headers at once and for ever. One deadline covers headers and body.
 */
export function createMakeRequest(gate: Gate, rooms: Rooms, deadlineMs: number): MakeRequest {
  return async (url, init) => {
    const headers = new Headers({ ...(init.headers as Record<string, string>) });
    const asBot = headers.has('authorization');
    const refusal = asBot ? gate.refusal() : null;
    if (refusal) throw new GateClosedError(refusal);
    if (asBot) gate.count();

    const deadline = AbortSignal.timeout(deadlineMs);
    const method = init.method ?? 'GET';
    const answer = await exchange(url, {
      method,
      headers: [...headers].flat(),
      body: typeof init.body === 'string' ? init.body : null,
      signal: init.signal ? AbortSignal.any([deadline, init.signal]) : deadline,
    });
    heed(answer, gate, asBot);
    if (asBot) rooms.heed(method, url, answer.headers);
    return responseOf(answer);
  };
}

interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: string;
}

/** Not `fetch`, whose streams cost several times as much as the request. Redirects are not followed. */
async function exchange(url: string, init: Parameters<typeof request>[1]): Promise<Answer> {
  try {
    const { statusCode: status, headers, body } = await request(url, init);
    return { status, headers: headersOf(headers), body: await body.text() };
  } catch (error) {
    const code = causeCode(error);
    throw new WireError(NEVER_CONNECTED.has(code) ? 'not-sent' : 'unknown', code || errorText(error), error);
  }
}

function headersOf(incoming: IncomingHttpHeaders): Headers {
  const headers = new Headers();
  for (const [name, values] of Object.entries(incoming)) {
    for (const value of [values ?? []].flat()) headers.append(name, value);
  }
  return headers;
}

/** What discord.js needs of a response whose body is read. */
function responseOf({ status, headers, body }: Answer) {
  return {
    ...{ status, statusText: STATUS_CODES[status] ?? '', ok: status >= 200 && status < 300, headers },
    ...{ body: null, bodyUsed: false },
    text: () => Promise.resolve(body),
    json: () => Promise.resolve(body).then((text): unknown => JSON.parse(text)),
    arrayBuffer: () => Promise.resolve(new TextEncoder().encode(body).buffer),
  };
}

/** Some errors of the socket come wrapped in another. */
function causeCode(error: unknown): string {
  const cause = field(error, 'cause') ?? error;
  const code = field(cause, 'code');
  return typeof code === 'string' ? code : '';
}

function field(value: unknown, name: 'cause' | 'code'): unknown {
  return typeof value === 'object' && value !== null && name in value ? (value as Record<string, unknown>)[name] : null;
}

/** What an answer means for every other request. */
function heed(answer: Answer, gate: Gate, asBot: boolean): void {
  const { status } = answer;
  if (status >= 300 && status < 400) throw new WireError('not-sent', `redirected (${String(status)})`);
  if (isInvalid(answer)) gate.countInvalid();
  if (status === 401 && asBot) gate.lock();
  if (status === 429) heedLimit(answer, gate, asBot);
}

/** @see https://discord.com/developers/docs/topics/rate-limits#invalid-request-limit-aka-cloudflare-bans */
function isInvalid({ status, headers }: Answer): boolean {
  return status === 401 || status === 403 || (status === 429 && headers.get('x-ratelimit-scope') !== 'shared');
}

/** Makes sure discord.js sees a wait, and closes the gate when the limit is not this route's alone. */
function heedLimit(answer: Answer, gate: Gate, asBot: boolean): void {
  const { headers } = answer;
  const told = readRefusal(answer.body);
  const waitMs = statedWaitMs(headers, told.retryAfterS);
  headers.set('retry-after', String(waitMs / 1_000));
  const global = headers.has('x-ratelimit-global') || headers.get('x-ratelimit-scope') === 'global' || told.global;
  const notDiscord =
    !headers.has('x-ratelimit-scope') && !headers.has('x-ratelimit-bucket') && told.retryAfterS === null;
  if (asBot && (global || notDiscord)) gate.pause(waitMs);
}

function statedWaitMs(headers: Headers, retryAfterS: number | null): number {
  const stated = [headers.get('retry-after'), headers.get('x-ratelimit-reset-after'), retryAfterS]
    .map((value) => (value === null ? Number.NaN : Number(value)))
    .find((seconds) => Number.isFinite(seconds) && seconds >= 0);
  return stated === undefined ? UNSTATED_WAIT_MS : Math.max(stated * 1_000, SHORTEST_WAIT_MS);
}

function readRefusal(body: string): { retryAfterS: number | null; global: boolean } {
  try {
    const told = JSON.parse(body) as { retry_after?: unknown; global?: unknown } | null;
    return {
      retryAfterS: typeof told?.retry_after === 'number' ? told.retry_after : null,
      global: told?.global === true,
    };
  } catch (error) {
    if (error instanceof SyntaxError) return { retryAfterS: null, global: false };
    throw error;
  }
}
