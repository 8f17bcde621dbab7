import type { ServerResponse } from 'node:http';

/** What goes wrong with one request. `carriedOut` faults happen after the server did what was asked. */
export type DiscordFault =
  | {
      readonly kind: 'answer';
      readonly status: number;
      readonly headers?: Readonly<Record<string, string>>;
      readonly body?: unknown;
      readonly carriedOut?: boolean;
    }
  /** No answer; the request is carried out so long after it came. */
  | { readonly kind: 'late'; readonly byMs: number }
  | { readonly kind: 'reset'; readonly carriedOut: boolean }
  | { readonly kind: 'silence'; readonly carriedOut: boolean }
  | { readonly kind: 'cut-body' }
  | { readonly kind: 'stalled-body' };

const HTML = { 'content-type': 'text/html' };
const CHALLENGE = '<!DOCTYPE html><title>Error 1015</title>You are being rate limited';

function code(status: number, jsonCode: number, message: string): DiscordFault {
  return { kind: 'answer', status, body: { message, code: jsonCode } };
}

/** The faults that are worth naming; more can be written as `answer`. */
export const FAULTS = {
  serverError: { kind: 'answer', status: 500, body: { message: '500: Internal Server Error', code: 0 } },
  errorAfterTheWork: {
    kind: 'answer',
    status: 500,
    body: { message: '500: Internal Server Error', code: 0 },
    carriedOut: true,
  },
  badGateway: { kind: 'answer', status: 502, headers: HTML, body: '<html>502 Bad Gateway</html>' },
  gatewayTimeout: { kind: 'answer', status: 504, headers: HTML, body: '<html>504 Gateway Time-out</html>' },
  /** A limit of the channel that all bots share: it says when, and holds back nothing else. */
  limitedFor7s: {
    kind: 'answer',
    status: 429,
    headers: { 'retry-after': '7', 'x-ratelimit-scope': 'shared' },
    body: { message: 'The resource is being rate limited.', retry_after: 7, global: false },
  },
  limitedGloballyFor2s: {
    kind: 'answer',
    status: 429,
    headers: { 'retry-after': '2', 'x-ratelimit-global': 'true', 'x-ratelimit-scope': 'global' },
    body: { message: 'You are being rate limited.', retry_after: 2, global: true },
  },
  limitedWithoutHeaders: { kind: 'answer', status: 429, headers: HTML, body: CHALLENGE },
  bannedFor66271s: { kind: 'answer', status: 429, headers: { ...HTML, 'retry-after': '66271' }, body: CHALLENGE },
  resetBefore: { kind: 'reset', carriedOut: false },
  lostAnswer: { kind: 'reset', carriedOut: true },
  silence: { kind: 'silence', carriedOut: true },
  cutBody: { kind: 'cut-body' },
  stalledBody: { kind: 'stalled-body' },
  unauthorized: code(401, 0, '401: Unauthorized'),
  missingAccess: code(403, 50001, 'Missing Access'),
  missingPermissions: code(403, 50013, 'Missing Permissions'),
  unknownChannel: code(404, 10003, 'Unknown Channel'),
  unknownGuild: code(404, 10004, 'Unknown Guild'),
  badBody: code(400, 50035, 'Invalid Form Body'),
  htmlPage: { kind: 'answer', status: 200, headers: HTML, body: '<html>Sign in to the network</html>' },
  blockedByAutoMod: code(400, 200000, 'Message was blocked by automatic moderation'),
  /** Cloudflare's word, not Discord's: says nothing about the channel. */
  forbiddenByProxy: { kind: 'answer', status: 403, headers: HTML, body: '<html>blocked</html>' },
} as const satisfies Readonly<Record<string, DiscordFault>>;

/** True if the request is to be carried out all the same. */
export function isCarriedOut(fault: DiscordFault): boolean {
  switch (fault.kind) {
    case 'answer':
      return fault.carriedOut === true;
    case 'late':
      return false;
    case 'reset':
    case 'silence':
      return fault.carriedOut;
    case 'cut-body':
    case 'stalled-body':
      return true;
  }
}

/** Plays the fault; `answer` is what the server would have said. */
export function playFault(fault: DiscordFault, response: ServerResponse, answer: string): void {
  switch (fault.kind) {
    case 'answer': {
      const body = typeof fault.body === 'string' ? fault.body : JSON.stringify(fault.body ?? {});
      response.writeHead(fault.status, { 'content-type': 'application/json', ...fault.headers }).end(body);
      return;
    }
    case 'reset':
      response.socket?.resetAndDestroy();
      return;
    case 'silence':
    case 'late':
      return;
    case 'cut-body':
    case 'stalled-body':
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(answer) });
      response.write(answer.slice(0, answer.length / 2), () => {
        if (fault.kind === 'cut-body') response.socket?.destroy();
      });
  }
}
