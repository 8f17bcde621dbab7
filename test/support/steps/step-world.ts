import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { openTestDatabase } from '../database.js';
import { documentOf } from './step-history.js';

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
  readonly close: () => Promise<void>;
}

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
