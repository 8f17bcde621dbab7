import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';

/** One request as it reached the server; headers as sent, names in the order and case of the wire. */
export interface SeenRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly rawHeaders: readonly string[];
}

export type Answer = (response: ServerResponse, request: IncomingMessage) => void;

export interface FeedServer {
  readonly port: number;
  readonly url: (path: string) => URL;
  /** What the server answers on this path from now on; anything else is 404. */
  readonly on: (path: string, answer: Answer) => void;
  /** Oldest first. */
  readonly requests: readonly SeenRequest[];
  readonly close: () => Promise<void>;
}

/** A real HTTP server on the loopback interface whose answers a test scripts. */
export async function startFeedServer(): Promise<FeedServer> {
  const answers = new Map<string, Answer>();
  const requests: SeenRequest[] = [];
  const server = createServer((request, response) => {
    const path = request.url ?? '';
    requests.push({ method: request.method ?? '', path, headers: request.headers, rawHeaders: request.rawHeaders });
    response.on('error', () => undefined);
    const answer = answers.get(path) ?? respond(404);
    answer(response, request);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  return {
    port,
    url: (path) => new URL(path, `http://127.0.0.1:${String(port)}`),
    on: (path, answer) => void answers.set(path, answer),
    requests,
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}

/** A whole answer at once. */
export function respond(
  status: number,
  headers: Readonly<Record<string, string | readonly string[]>> = {},
  body: string | Uint8Array = '',
): Answer {
  return (response) => {
    response.writeHead(
      status,
      Object.entries(headers).flatMap(([name, value]) => [value].flat().flatMap((one) => [name, one])),
    );
    response.end(body);
  };
}

/** Writes what `next` gives every `everyMs` until the other side leaves. */
export function drip(everyMs: number, next: () => string | Uint8Array): Answer {
  return (response) => {
    response.writeHead(200, { 'content-type': 'application/rss+xml' });
    const timer = setInterval(() => response.write(next()), everyMs);
    response.on('close', () => {
      clearInterval(timer);
    });
  };
}
