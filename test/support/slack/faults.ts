import type { ServerResponse } from 'node:http';

/** What goes wrong with a request. Unless it says `after` or `late`, the request is not carried out. */
export type SlackFault =
  /** HTTP 429. */
  | { readonly kind: 'throttled'; readonly retryAfterS: number | null }
  /** HTTP 200 with `ok: false`, and Retry-After where there is one. */
  | { readonly kind: 'error'; readonly error: string; readonly retryAfterS?: number }
  /** `after`: a gateway lost the answer to what Slack carried out. */
  | { readonly kind: 'status'; readonly status: number; readonly after?: boolean }
  /** No answer; the request is carried out so long after it came. */
  | { readonly kind: 'late'; readonly byMs: number }
  /** HTTP 200 with a page of HTML, as a proxy would. */
  | { readonly kind: 'html' }
  /** The connection: `…-after` once the request was carried out. */
  | { readonly kind: 'broken'; readonly how: Broken };

type Broken = 'reset' | 'reset-after' | 'cut-body-after' | 'stalled-body-after' | 'no-answer-after';

export function isAfter(fault: SlackFault): boolean {
  return (fault.kind === 'broken' && fault.how !== 'reset') || (fault.kind === 'status' && fault.after === true);
}

/** Answers as the fault has it, in place of `answer`. */
export function answerWith(fault: SlackFault, answer: string, response: ServerResponse): void {
  switch (fault.kind) {
    case 'throttled':
      response.writeHead(429, retryAfter(fault.retryAfterS)).end();
      return;
    case 'error':
      response.writeHead(200, { 'content-type': 'application/json', ...retryAfter(fault.retryAfterS ?? null) });
      response.end(JSON.stringify({ ok: false, error: fault.error }));
      return;
    case 'status':
    case 'html':
      response.writeHead(fault.kind === 'html' ? 200 : fault.status, { 'content-type': 'text/html' });
      response.end('<html><body>Sign in to the network</body></html>');
      return;
    case 'late':
      return;
    case 'broken':
      breakOff(fault.how, answer, response);
  }
}

function breakOff(how: Broken, answer: string, response: ServerResponse): void {
  switch (how) {
    case 'reset':
    case 'reset-after':
      response.socket?.resetAndDestroy();
      return;
    case 'cut-body-after':
      begin(answer, response, () => response.socket?.destroy());
      return;
    case 'stalled-body-after':
      begin(answer, response, () => undefined);
      return;
    case 'no-answer-after':
      return;
  }
}

function retryAfter(seconds: number | null): Record<string, string> {
  return seconds === null ? {} : { 'retry-after': String(seconds) };
}

/** Sends the headers and the first half of the answer. */
function begin(answer: string, response: ServerResponse, then: () => void): void {
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': String(Buffer.byteLength(answer)) });
  response.write(answer.slice(0, answer.length / 2), then);
}
