import type { Clock } from '../../clock.js';
import type { FetchFailure } from './fetch-outcome.js';
import { followRedirects, REPEATING_REDIRECTS } from './follow-redirects.js';
import { retryAfterMs } from './freshness.js';
import type { Dispatch } from './manners.js';

export type PostFormOutcome =
  | {
      readonly kind: 'answered';
      readonly status: number;
      readonly retryAfterMs: number | null;
      /** Of an answer that is not followed: 201, 301, 302, 303. */
      readonly location: string | null;
    }
  | { readonly kind: 'failed'; readonly reason: FetchFailure };

/**
 * A guarded POST as `application/x-www-form-urlencoded`. 307 and 308 are followed with the same form; what the answer
 * says in its body is not read. Never rejects for what the network did.
 */
export type PostForm = (url: URL, fields: Readonly<Record<string, string>>) => Promise<PostFormOutcome>;

const TOTAL_MS = 15_000;
const MAX_REDIRECTS = 3;

export function createPostForm(dispatch: Dispatch, userAgent: string, clock: Clock): PostForm {
  return async (url, fields) => {
    const outcome = await followRedirects(dispatch, url, {
      maxRedirects: MAX_REDIRECTS,
      redirects: REPEATING_REDIRECTS,
      question: {
        method: 'POST',
        headers: { 'user-agent': userAgent, accept: '*/*', 'content-type': 'application/x-www-form-urlencoded' },
        form: new URLSearchParams(fields).toString(),
        maxBytes: 0,
        endsAtMs: performance.now() + TOTAL_MS,
        wanted: () => false,
      },
    });
    if (outcome.kind === 'failed') return { kind: 'failed', reason: outcome.reason };
    const { status, header } = outcome.answer;
    return {
      kind: 'answered',
      status,
      retryAfterMs: retryAfterMs(header('retry-after'), clock()),
      location: header('location'),
    };
  };
}
