import { createCaller } from './child-calls.js';
import { openTestDatabase } from './database.js';
import { respond, startFeedServer, type FeedServer } from './feed-server.js';
import type { HostileDocument } from './hostile-documents.js';
import { spawnSource } from './spawn.js';
import type { Held } from './turns.js';

export interface HostileCall {
  readonly path: string;
}

/** What one poll came to and what it cost the process that polled. */
export interface HostilePoll {
  /** What was stored ("read", "unchanged"), or why nothing was. */
  readonly end: string;
  readonly ms: number;
  /** The longest time for which nothing else could run. */
  readonly held: Held;
  /** In megabytes. */
  readonly rssBefore: number;
  readonly peakRss: number;
}

export interface HostileResult extends HostilePoll {
  readonly name: string;
  /** As sent; 0 where the server is the one that decides when to end. */
  readonly wireBytes: number;
  /** The same document where all that is stored of it was keyed by an older release and says something else; null if it was not read. */
  readonly again: HostilePoll | null;
  /** What the poll of a good feed came to right after. */
  readonly next: HostilePoll;
}

/** The longest in any of its polls, in milliseconds of CPU time. */
export function heldMs({ held, again, next }: HostileResult): number {
  return Math.max(held.cpuMs, again?.held.cpuMs ?? 0, next.held.cpuMs);
}

export interface HostileWorld {
  readonly poll: (document: HostileDocument) => Promise<HostileResult>;
  /** Paths asked for that no document or good feed lives at. */
  readonly strangeRequests: () => readonly string[];
  /** Everything that the documents made the product store. */
  readonly stored: () => Promise<readonly StoredText[]>;
  readonly close: () => Promise<void>;
}

export interface StoredText {
  readonly title: string;
  readonly body: string;
  readonly tags: readonly string[];
  readonly guid: string | null;
  readonly link: string | null;
  readonly url: string | null;
  readonly image_url: string | null;
}

const STORED = /* sql */ `
  select p.title, p.body, p.tags, s.guid, s.link, p.url, p.image_url from sightings s join posts p on p.id = s.post_id`;

/** As if an older release had kept other keys, and every entry had said something else. */
const FORGET = /* sql */ `
  with feed as (update feeds set body_hash = null, keys_version = 0 where url = $1 returning id),
  windows as (delete from feed_windows where feed_id in (select id from feed))
  update sightings set content_hash = '', fingerprint = '' where feed_id in (select id from feed)`;

const RSS = { 'content-type': 'application/rss+xml' };
/** What stands in a feed before it turns hostile: what comes after is new, and is announced. */
const BEFORE = respond(200, RSS, '<rss version="2.0"><channel><item><guid>before</guid></item></channel></rss>');

const WITHIN_MS = 60_000;

/** A poller in a process of its own, with a real server and a real database, for documents that mean harm. */
export async function openHostileWorld(): Promise<HostileWorld> {
  const own = await openTestDatabase();
  const server = await startFeedServer();
  const child = spawnSource('test/support/hostile-child.ts', { args: [own.url, server.url('/').origin] });
  await child.line(/^ready$/, WITHIN_MS);
  const good = goodFeed(server);
  const known = new Set(['/good']);
  const call = createCaller<HostileCall, HostilePoll>(child, WITHIN_MS);
  const poll = (path: string): Promise<HostilePoll> => call({ path });
  const forgotten = async (path: string): Promise<HostilePoll> => {
    await own.pool.query(FORGET, [server.url(path).href]);
    return poll(path);
  };
  let documents = 0;
  // The first poll of a process is its slowest, whatever it polls.
  good.publish();
  await poll('/good');
  return {
    poll: async (document) => {
      documents += 1;
      const path = `/hostile-${String(documents)}`;
      known.add(path);
      const answer = document.answer();
      let wireBytes = 0;
      server.on(path, BEFORE);
      await poll(path);
      server.on(path, (response, request) => {
        const { socket } = response;
        const before = socket?.bytesWritten ?? 0;
        response.on('close', () => {
          wireBytes = (socket?.bytesWritten ?? 0) - before;
        });
        answer(response, request);
      });
      const came = await poll(path);
      const again = came.end === 'read' ? await forgotten(path) : null;
      server.on(path, respond(404));
      good.publish();
      return { ...came, name: document.name, again, next: await poll('/good'), wireBytes };
    },
    strangeRequests: () => server.requests.map(({ path }) => path).filter((path) => !known.has(path)),
    stored: async () => (await own.pool.query<StoredText>(STORED)).rows,
    close: async () => {
      await child.kill('SIGKILL');
      await server.close();
      await own.drop();
    },
  };
}

/** A feed with one entry more each time. */
function goodFeed(server: FeedServer): { readonly publish: () => void } {
  let entries = '';
  let published = 0;
  return {
    publish: () => {
      published += 1;
      entries += `<item><guid>good-${String(published)}</guid><title>Good news ${String(published)}</title></item>`;
      const body = `<rss version="2.0"><channel><title>Good</title>${entries}</channel></rss>`;
      server.on('/good', respond(200, { 'content-type': 'application/rss+xml' }, body));
    },
  };
}
