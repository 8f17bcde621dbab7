import type { Dispatcher } from 'undici';
import type { HeaderLookup } from './freshness.js';

/** One HTTP request, without redirects. */
export interface Question {
  readonly url: URL;
  readonly method: 'GET' | 'POST';
  readonly headers: Readonly<Record<string, string>>;
  readonly form?: string;
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

/** Rejects with what the network did: see `networkTrouble`. */
export function ask(dispatcher: Dispatcher, question: Question): Promise<HttpAnswer> {
  return new Promise((resolve, reject) => {
    const leftMs = question.endsAtMs - performance.now();
    if (leftMs <= 0) {
      reject(timeUp());
      return;
    }
    const exchange = createExchange(question, { resolve, reject });
    exchange.limit(leftMs);
    dispatcher.dispatch(dispatchOptions(question), exchange.handler);
  });
}

function dispatchOptions({ url, method, headers, form }: Question): Dispatcher.DispatchOptions {
  return { origin: url.origin, path: url.pathname + url.search, method, headers, body: form ?? null };
}

interface Settle {
  readonly resolve: (answer: HttpAnswer) => void;
  readonly reject: (error: Error) => void;
}

/** What one exchange has come to so far. A plain handler, without streams: it costs a third of `request()`. */
function createExchange(
  question: Question,
  settle: Settle,
): { readonly handler: Dispatcher.DispatchHandler; readonly limit: (ms: number) => void } {
  const chunks: Buffer[] = [];
  let bytes = 0;
  let head: Omit<HttpAnswer, 'body'> | null = null;
  let controller: Dispatcher.DispatchController | null = null;
  let late: Error | null = null;
  let timer: NodeJS.Timeout | undefined;
  const wanted = () => head !== null && question.wanted(head.status);
  const stop = (reason: Error) => {
    clearTimeout(timer);
    controller?.abort(reason);
  };
  const handler: Dispatcher.DispatchHandler = {
    onRequestStart: (started) => {
      controller = started;
      if (late) stop(late);
    },
    onResponseStart: (_controller, status, headers) => {
      // Early hints and their like come before the answer.
      if (status < 200) return;
      head = { status, header: headerLookup(headers) };
      if (!wanted()) settle.resolve({ ...head, body: Buffer.alloc(0) });
    },
    onResponseData: (_controller, chunk) => {
      bytes += chunk.length;
      if (wanted()) chunks.push(chunk);
      if (bytes <= (wanted() ? question.maxBytes : MAX_DRAIN_BYTES)) return;
      if (head) settle.resolve({ ...head, body: null });
      stop(tooLong());
    },
    onResponseEnd: () => {
      clearTimeout(timer);
      if (head) settle.resolve({ ...head, body: Buffer.concat(chunks, bytes) });
    },
    onResponseError: (_controller, error) => {
      clearTimeout(timer);
      settle.reject(error);
    },
  };
  return {
    handler,
    limit: (ms) => {
      timer = setTimeout(() => {
        late = timeUp();
        settle.reject(late);
        stop(late);
      }, ms);
    },
  };
}

/** What may come once only: a repeated one is no list (RFC 9110 §5.3), and joined it would be a value nobody sent. */
const SINGLE = new Set(['etag', 'last-modified', 'location', 'retry-after', 'content-type', 'age', 'date', 'expires']);

function headerLookup(headers: Readonly<Record<string, string | string[] | undefined>>): HeaderLookup {
  return (name) => {
    const value = headers[name];
    const text = Array.isArray(value) ? (SINGLE.has(name) ? value[0] : value.join(', ')) : value;
    return text === undefined || text === '' ? null : text;
  };
}

function timeUp(): Error {
  return new DOMException('the time is up', 'TimeoutError');
}

function tooLong(): Error {
  return new DOMException('the answer is too long', 'AbortError');
}
