import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Recording, Snapshot } from './recordings.js';

/** Recorded feeds behind a real HTTP server on loopback. Each shows its backlog until told otherwise. */
export interface ReplayServer {
  /** `127.0.0.1:<port>`, for the operator's allow list. */
  readonly host: string;
  readonly url: (feed: string) => URL;
  /** From now on the feed answers with the snapshot at this index. */
  readonly show: (feed: string, index: number) => void;
  readonly close: () => Promise<void>;
}

/** Feed names to what each shows now. */
type Shelf = Map<string, { readonly recording: Recording; shown: Snapshot }>;

const SNIFFED_CHARACTERS = 1024;

export async function startReplayServer(recordings: readonly Recording[]): Promise<ReplayServer> {
  const shelf: Shelf = new Map();
  for (const recording of recordings) shelf.set(recording.feed, { recording, shown: snapshotAt(recording, 0) });
  const server = createServer((request, response) => {
    answer(shelf, request, response).catch((error: unknown) => {
      response.destroy(error instanceof Error ? error : new Error(String(error)));
    });
  });
  const host = `127.0.0.1:${String(await listen(server))}`;
  return {
    host,
    url: (feed) => new URL(`http://${host}/${encodeURIComponent(feed)}.xml`),
    show: (feed, index) => {
      const place = shelf.get(feed);
      if (!place) throw new Error(`no recording of ${feed}`);
      place.shown = snapshotAt(place.recording, index);
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}

/** The media type a careful publisher would send; which character encoding it is in is left to the document. */
export function mediaTypeOf(body: Uint8Array): string {
  const start = Buffer.from(body.subarray(0, SNIFFED_CHARACTERS)).toString('latin1');
  if (/<feed[\s>]/.test(start)) return 'application/atom+xml';
  if (/<rdf:RDF[\s>]/.test(start)) return 'application/rdf+xml';
  if (/<rss[\s>]/.test(start)) return 'application/rss+xml';
  if (/^\s*\{/.test(start)) return 'application/feed+json';
  return /<html[\s>]/i.test(start) ? 'text/html' : 'application/xml';
}

function snapshotAt({ feed, snapshots }: Recording, index: number): Snapshot {
  const snapshot = snapshots[index];
  if (!snapshot) throw new Error(`${feed} has no snapshot ${String(index)}`);
  return snapshot;
}

function listen(server: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      if (typeof address === 'object' && address) resolve(address.port);
      else reject(new Error('the replay server has no port'));
    });
  });
}

async function answer(shelf: Shelf, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const shown = shelf.get(feedIn(request))?.shown;
  if (!shown) {
    response.writeHead(404, { 'content-type': 'text/plain' }).end('There is no such feed here.\n');
    return;
  }
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    response.writeHead(405, { allow: 'GET, HEAD' }).end();
    return;
  }
  const body = await readFile(shown.file);
  const etag = `"${createHash('sha256').update(body).digest('hex').slice(0, 20)}"`;
  response.setHeader('etag', etag).setHeader('last-modified', shown.at.toUTCString());
  if (isFresh(request, etag, shown.at)) {
    response.writeHead(304).end();
    return;
  }
  response.writeHead(200, { 'content-type': mediaTypeOf(body), 'content-length': body.byteLength });
  response.end(request.method === 'HEAD' ? undefined : body);
}

function feedIn(request: IncomingMessage): string {
  const { pathname } = new URL(request.url ?? '/', 'http://replay.invalid');
  return decodeURIComponent(/^\/([^/]+)\.xml$/.exec(pathname)?.[1] ?? '');
}

/** If-Modified-Since counts only where there is no If-None-Match (RFC 9110 §13.1.3). */
function isFresh({ headers }: IncomingMessage, etag: string, modifiedAt: Date): boolean {
  const asked = headers['if-none-match'];
  if (asked !== undefined) return asked.split(',').some((tag) => [etag, `W/${etag}`, '*'].includes(tag.trim()));
  return Date.parse(headers['if-modified-since'] ?? '') >= modifiedAt.getTime();
}
