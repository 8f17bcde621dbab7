import type { FetchFailure } from './fetch-outcome.js';
import { ALL_REDIRECTS, followRedirects } from './follow-redirects.js';
import { ACCEPTED_CODINGS, decodeContent } from './decode-content.js';
import type { Dispatch } from './manners.js';

export interface PageOptions {
  /** After decoding. */
  readonly maxBytes?: number;
  readonly accept?: string;
}

export type PageOutcome =
  | {
      readonly kind: 'page';
      /** Where the redirects ended: the base for relative addresses. */
      readonly url: URL;
      /** Decoded from its content codings; still in the publisher's character encoding. */
      readonly body: Uint8Array;
      readonly contentType: string | null;
      readonly linkHeader: string | null;
    }
  | { readonly kind: 'failed'; readonly reason: FetchFailure; readonly status: number | null };

/** A guarded GET of anything that is not a poll: a page, a feed in question. Never rejects for what the network did. */
export type FetchPage = (url: URL, options?: PageOptions) => Promise<PageOutcome>;

const MAX_BYTES = 2 * 1024 * 1024;
const TOTAL_MS = 10_000;
const MAX_REDIRECTS = 3;
const ACCEPT = 'text/html, application/xhtml+xml;q=0.9, */*;q=0.1';

export function createFetchPage(dispatch: Dispatch, userAgent: string): FetchPage {
  return async (start, { maxBytes = MAX_BYTES, accept = ACCEPT } = {}) => {
    const outcome = await followRedirects(dispatch, start, {
      maxRedirects: MAX_REDIRECTS,
      redirects: ALL_REDIRECTS,
      question: {
        method: 'GET',
        headers: { 'user-agent': userAgent, accept, 'accept-encoding': ACCEPTED_CODINGS },
        maxBytes,
        endsAtMs: performance.now() + TOTAL_MS,
        wanted: (status) => status === 200,
      },
    });
    if (outcome.kind === 'failed') return outcome;
    const { answer, url } = outcome;
    if (answer.status !== 200) return { kind: 'failed', reason: 'status', status: answer.status };
    const decoded = await decodeContent(answer.body, answer.header('content-encoding'), maxBytes);
    if (decoded.kind === 'failed') return { ...decoded, status: 200 };
    return {
      kind: 'page',
      url,
      body: decoded.body,
      contentType: answer.header('content-type'),
      linkHeader: answer.header('link'),
    };
  };
}
