import { createServer, type Socket } from 'node:net';

export interface RawServer {
  readonly port: number;
  readonly url: (path?: string) => URL;
  /** Heads of the requests as they came, byte for byte (latin1). */
  readonly heads: readonly string[];
  readonly close: () => Promise<void>;
}

/** Answers each request on the loopback interface with bytes of the test's choosing: what no HTTP library would send. */
export async function startRawServer(answer: (socket: Socket, head: string) => void): Promise<RawServer> {
  const heads: string[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => sockets.delete(socket));
    let head = '';
    socket.on('data', (chunk) => {
      head += chunk.toString('latin1');
      if (!head.endsWith('\r\n\r\n')) return;
      heads.push(head);
      answer(socket, head);
      head = '';
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  return {
    port,
    url: (path = '/') => new URL(path, `http://127.0.0.1:${String(port)}`),
    heads,
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        for (const socket of sockets) socket.destroy();
      }),
  };
}
