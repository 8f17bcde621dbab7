import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { openTestDatabase } from '../database.js';
import { documentOf, roundBegins } from './step-history.js';

/** A message that arrived. */
export interface Announced {
  readonly round: number;
  readonly channel: string;
  readonly title: string;
}

/** Everything outside of the bot: its database, its feeds, the platform. It outlives the bot. */
export interface StepWorld {
  readonly databaseUrl: string;
  /** Ends in a slash. */
  readonly url: string;
  /** The one that is being played. */
  readonly round: () => number;
  /** In the order of arrival. */
  readonly announced: readonly Announced[];
  /** Feeds of which a poll of this round is stored in part: its new entries, or that it was polled, but not both. */
  readonly torn: () => Promise<string[]>;
  readonly close: () => Promise<void>;
}

/** Every document but that of `still` and of a feed that is still empty has new entries. */
const TORN = /* sql */ `
  select url from feeds f
   where url not like '%/' || $2 and added_at < $1
     and coalesce(last_polled_at >= $1, false)
         <> exists (select from sightings where feed_id = f.id and first_seen_at >= $1)`;

interface Calls {
  readonly round: { readonly round: number };
  readonly find: { readonly key: string };
  readonly post: { readonly key: string; readonly channel: string; readonly title: string };
}

export async function openStepWorld(): Promise<StepWorld> {
  const database = await openTestDatabase();
  const announced: Announced[] = [];
  const keys = new Set<string>();
  let round = 0;
  const answers = {
    round: (asked: Calls['round']) => {
      ({ round } = asked);
      return true;
    },
    find: ({ key }: Calls['find']) => keys.has(key),
    post: ({ key, channel, title }: Calls['post']) => {
      keys.add(key);
      announced.push({ round, channel, title });
      return true;
    },
  };
  const server = createServer((request, response) => {
    const name = (request.url ?? '').slice(1);
    if (request.method === 'GET') showDocument(documentOf(name, round), request, response);
    else void json(request).then((asked) => response.end(JSON.stringify(answers[name as keyof Calls](asked as never))));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    databaseUrl: database.url,
    url: `http://127.0.0.1:${String(port)}/`,
    round: () => round,
    announced,
    torn: async () => {
      const found = await database.pool.query<{ url: string }>(TORN, [roundBegins(round), 'still']);
      return found.rows.map(({ url }) => url);
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await database.drop();
    },
  };
}

function showDocument(body: string, request: IncomingMessage, response: ServerResponse): void {
  const etag = `"${createHash('sha256').update(body).digest('hex')}"`;
  const unchanged = request.headers['if-none-match'] === etag;
  response.writeHead(unchanged ? 304 : 200, { 'content-type': 'application/rss+xml', etag });
  response.end(unchanged ? undefined : body);
}
