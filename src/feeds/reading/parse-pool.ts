import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isNativeError } from 'node:util/types';
import { Piscina } from 'piscina';
import { createQueue } from '../../turns.js';
import { isPlainUtf8 } from './decode-body.js';
import type { FeedBody, ParseFeed, ParseOutcome, Window } from './feed-document.js';
import { parseUpTo } from './parse-feed.js';
import type { parseInThread, ParseTask } from './parse-worker.js';
import { revivedOutcome, type Plain } from './plain-outcome.js';
import { TOO_LONG } from './read-feed.js';

export interface ParseBounds {
  /** So much of a document is read in place: sending it away would take longer than reading it. */
  readonly inPlaceBytes: number;
  /** Bodies up to this size are looked through in place, since most of their entries are known. */
  readonly searchedBytes: number;
  /** Wall-clock time for one document in the thread. */
  readonly limitMs: number;
  readonly heapMb: number;
  /** A thread that has nothing to do ends after this time, and gives its memory back. */
  readonly idleMs: number;
}

const PARSE_BOUNDS: ParseBounds = {
  inPlaceBytes: 16 * 1024,
  searchedBytes: 128 * 1024,
  limitMs: 10_000,
  heapMb: 192,
  idleMs: 60_000,
};

export interface ParsePoolOptions {
  /** The module of the thread; by default the one beside this file. */
  readonly worker?: URL;
  readonly bounds?: Partial<ParseBounds>;
}

export interface ParsePool {
  /** A document that takes too long or too much memory is an outcome like any other; the next one is not affected. */
  readonly parseFeed: ParseFeed;
  /** Ends the thread, if there is one. */
  readonly close: () => Promise<void>;
}

/**
 * Reads documents with little news in place, and the others in a thread that is started when the first one comes; here
 * and there one at a time, because each takes many times its own size while it is read.
 */
export function createParsePool(options: ParsePoolOptions = {}): ParsePool {
  const bounds = { ...PARSE_BOUNDS, ...options.bounds };
  const thread = createThread(options.worker ?? ownWorker(), bounds);
  const queue = createQueue();
  const parseShort = (body: FeedBody, window: Window) => queue(() => parseUpTo(body, window, bounds.inPlaceBytes));
  return {
    parseFeed: async (body, window) => {
      const inPlace = mayBeShort(body, window, bounds) ? await parseShort(body, window) : TOO_LONG;
      return inPlace.kind === 'too-long' ? thread.parse(body, window) : inPlace;
    },
    close: () => thread.close(),
  };
}

/** Other encodings take longer to read than what stands in them. */
function mayBeShort(body: FeedBody, window: Window, { inPlaceBytes, searchedBytes }: ParseBounds): boolean {
  const { bytes, contentType } = body;
  if (bytes.length <= inPlaceBytes) return true;
  return window.size > 0 && bytes.length <= searchedBytes && isPlainUtf8(bytes, contentType);
}

interface Thread {
  readonly parse: ParseFeed;
  readonly close: () => Promise<void>;
}

/** The time limit is for one document alone. */
function createThread(worker: URL, { limitMs, heapMb, idleMs }: ParseBounds): Thread {
  const pool = new Piscina<ParseTask, Awaited<ReturnType<typeof parseInThread>>>({
    filename: fileURLToPath(worker),
    name: 'parseInThread',
    minThreads: 0,
    maxThreads: 1,
    idleTimeout: idleMs,
    // Documents come one by one: a young generation of the usual 48 MB would stay with the process for nothing.
    resourceLimits: { maxOldGenerationSizeMb: heapMb, maxYoungGenerationSizeMb: 16 },
  });
  // A thread may also run out of memory after it has answered; the next document gets a new one.
  pool.on('error', () => undefined);
  const queue = createQueue();
  const run = ({ baseUrl, ...body }: FeedBody, window: Window): Promise<Plain<ParseOutcome>> =>
    pool.run({ ...body, window, baseUrl: baseUrl.href }, { signal: AbortSignal.timeout(limitMs) });
  return {
    parse: (body, window) => queue(() => run(body, window)).then(revivedOutcome, outOfBounds),
    close: () => pool.destroy(),
  };
}

/** The thread was ended for what a document made it do; anything else is a fault of ours. */
function outOfBounds(error: unknown): ParseOutcome {
  const ended =
    isNativeError(error) &&
    (error.name === 'AbortError' ||
      // The stack of a pattern, or the longest string there can be.
      error.name === 'RangeError' ||
      ('code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY'));
  if (!ended) throw error;
  return { kind: 'not-a-feed', looksLike: 'beyond-bounds' };
}

/** Beside this file, compiled or not. */
function ownWorker(): URL {
  return new URL(`./parse-worker${extname(import.meta.url)}`, import.meta.url);
}
