import { errorText } from '../../src/log.js';
import { THROTTLE_FLOOR_MS } from './classify.js';

/** Statuses whose `Response` may have no body (WHATWG Fetch). */
const WITHOUT_BODY = [101, 103, 204, 205, 304];

/**
 * `fetch` with one deadline over connection, headers and body: Slack's client alone waits for ever for a body that
 * stalls. The body is read before this resolves, so every failure surfaces as a rejected request.
 * @throws Error whose `cause` is what Node said of the connection, or the `TimeoutError`.
 */
export function createDeadlineFetch(deadlineMs: number, stopped?: AbortSignal): typeof fetch {
  return async (input, init) => {
    const signals = [AbortSignal.timeout(deadlineMs), stopped, init?.signal].filter(
      (one) => one instanceof AbortSignal,
    );
    try {
      return await wholeResponse(await fetch(input, { ...init, signal: AbortSignal.any(signals) }));
    } catch (error) {
      const cause = rootOf(error);
      throw new Error(`the request failed: ${errorText(cause)}`, { cause });
    }
  };
}

async function wholeResponse(response: Response): Promise<Response> {
  const body = await response.arrayBuffer();
  const { status, statusText } = response;
  return new Response(WITHOUT_BODY.includes(status) ? null : body, {
    status,
    statusText,
    headers: headersOf(response),
  });
}

/** `fetch` says "fetch failed"; why is in its cause. */
function rootOf(error: unknown): unknown {
  return typeof error === 'object' && error !== null && 'cause' in error && error.cause ? error.cause : error;
}

/** Slack's client rejects with an error without a code for a 429 that does not say how long to wait. */
function headersOf(response: Response): Headers {
  const headers = new Headers(response.headers);
  const said = Number.parseInt(headers.get('retry-after') ?? '', 10);
  if (response.status === 429 && !(said > 0)) headers.set('retry-after', String(THROTTLE_FLOOR_MS / 1_000));
  return headers;
}
