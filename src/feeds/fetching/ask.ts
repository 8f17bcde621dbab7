import type { Dispatcher } from 'undici';
import { headerLookup, type HeaderLookup } from './header-lookup.js';
import type { Dispatch, WatchedOptions } from './manners.js';

/** One HTTP request, without redirects. */
export interface Question {
  readonly url: URL;
  readonly method: 'GET' | 'POST';
  readonly headers: Readonly<Record<string, string>>;
  readonly form?: string;
  /** The feed that is polled, for those who watch. */
  readonly feedUrl?: URL;
  /** Of the body as sent, still encoded. A longer one is not read. */
  readonly maxBytes: number;
  /** On the clock of `performance.now()`. */
  readonly endsAtMs: number;
  /** Is the body of an answer with this status worth reading? */
  readonly wanted: (status: number) => boolean;
}

export interface HttpAnswer {
  readonly status: number;
  readonly header: HeaderLookup;
  /** As sent; empty when it was not wanted, null when it is longer than `maxBytes`. */
  readonly body: Buffer | null;
}

/** An unwanted body up to this length is read away, because the connection can then serve again. */
const MAX_DRAIN_BYTES = 64 * 1024;
const NO_BODY = Buffer.alloc(0);

/** Rejects with what the network did: see `networkTrouble`. */
export function ask(dispatch: Dispatch, question: Question): Promise<HttpAnswer> {
  return new Promise((resolve, reject) => {
    let controller: Dispatcher.DispatchController | null = null;
    let late: Error | null = null;
    const timer = setTimeout(
      () => {
        late = new DOMException('the time is up', 'TimeoutError');
        reject(late);
        controller?.abort(late);
      },
      Math.max(0, question.endsAtMs - performance.now()),
    );
    const { url, method, headers, feedUrl, form = null } = question;
    const path = url.pathname + url.search;
    const options: WatchedOptions = { origin: url.origin, path, method, headers, body: form, feedUrl };
    dispatch(options, {
      ...collector(question, {
        resolve,
        reject,
        ended: () => {
          clearTimeout(timer);
        },
      }),
      onRequestStart: (started) => {
        controller = started;
        if (late) started.abort(late);
      },
    });
  });
}

interface Settle {
  readonly resolve: (answer: HttpAnswer) => void;
  readonly reject: (error: Error) => void;
  /** Nothing more will come. */
  readonly ended: () => void;
}

/** Gathers one answer. A plain handler, because the streams of undici's `request` cost more than the rest of a 304. */
function collector(question: Question, { resolve, reject, ended }: Settle): Dispatcher.DispatchHandler {
  const chunks: Buffer[] = [];
  let bytes = 0;
  let head: Omit<HttpAnswer, 'body'> | null = null;
  let wanted = false;
  return {
    onResponseStart: (_controller, status, headers) => {
      // Early hints and their like come before the answer.
      if (status < 200) return;
      head = { status, header: headerLookup(headers) };
      wanted = question.wanted(status);
      if (!wanted) resolve({ ...head, body: NO_BODY });
    },
    onResponseData: (controller, chunk) => {
      bytes += chunk.length;
      if (wanted) chunks.push(chunk);
      if (bytes <= (wanted ? question.maxBytes : MAX_DRAIN_BYTES)) return;
      if (head && wanted) resolve({ ...head, body: null });
      controller.abort(new DOMException('the answer is too long', 'AbortError'));
    },
    onResponseEnd: () => {
      ended();
      if (head && wanted) resolve({ ...head, body: Buffer.concat(chunks, bytes) });
    },
    onResponseError: (_controller, error) => {
      ended();
      reject(error);
    },
  };
}
