import { createCaller } from '../support/child-calls.js';
import { spawnSource } from '../support/spawn.js';

/** Publishes one more entry in a share of the feeds (0 to 1) and counts anew; null only asks. */
export interface OriginCall {
  readonly publish: number | null;
}

/** What reached the publishers since they last published. */
export interface OriginReply {
  readonly port: number;
  readonly requests: number;
  /** Answered with a document. */
  readonly bodies: number;
  /** Requests without a validator. */
  readonly unconditional: number;
  /** Milliseconds since 1970; 0 before the first request. */
  readonly firstAt: number;
  readonly lastAt: number;
}

export interface Origin {
  readonly port: number;
  readonly urls: readonly string[];
  readonly publish: (share: number) => Promise<void>;
  readonly seen: () => Promise<OriginReply>;
  readonly close: () => Promise<void>;
}

export interface OriginSize {
  readonly feeds: number;
  readonly entriesPerFeed: number;
  readonly textBytes: number;
}

const READY_WITHIN_MS = 120_000;

/** Many feeds on the loopback interface, served by a process of their own. */
export async function startOrigin({ feeds, entriesPerFeed, textBytes }: OriginSize): Promise<Origin> {
  const child = spawnSource('test/bench/origin-child.ts', { args: [feeds, entriesPerFeed, textBytes].map(String) });
  await child.line(/^ready$/, READY_WITHIN_MS);
  const call = createCaller<OriginCall, OriginReply>(child);
  const { port } = await call({ publish: null });
  return {
    port,
    urls: Array.from({ length: feeds }, (_, feed) => `http://127.0.0.1:${String(port)}/feeds/${String(feed)}`),
    publish: async (share) => {
      await call({ publish: share });
    },
    seen: () => call({ publish: null }),
    close: () => child.kill('SIGKILL'),
  };
}

/** The feeds as a list that the product imports. */
export function opmlOf(urls: readonly string[]): string {
  const outlines = urls.map((url) => `<outline type="rss" text="${url}" xmlUrl="${url}"/>`);
  return `<?xml version="1.0"?><opml version="2.0"><body>${outlines.join('\n')}</body></opml>`;
}
