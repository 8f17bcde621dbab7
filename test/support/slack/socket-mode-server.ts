import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type WebSocket } from 'ws';
import { isJson, parsed } from './block-rules.js';

/** Slack waits so long for an acknowledgement. */
const ACK_DEADLINE_MS = 3_000;

export interface SocketModeServer {
  readonly upgrade: (request: IncomingMessage, socket: Duplex, head: Buffer) => void;
  /** A ticket for one connection. */
  readonly ticket: () => string;
  readonly connections: () => number;
  /** Milliseconds until the acknowledgement; null if none came in time. */
  readonly send: (type: 'slash_commands' | 'interactive', payload: unknown) => Promise<number | null>;
  /** Asks clients to connect anew, as Slack does every few hours. */
  readonly refresh: () => void;
  /** Cuts all connections without a word. */
  readonly cut: () => void;
  readonly close: () => void;
}

/** @see https://docs.slack.dev/apis/events-api/using-socket-mode */
export function createSocketModeServer(violations: string[]): SocketModeServer {
  const server = new WebSocketServer({ noServer: true });
  const tickets = new Set<string>();
  const waiting = new Map<string, () => void>();

  server.on('connection', (socket: WebSocket) => {
    socket.on('error', () => undefined);
    socket.on('message', (frame: Buffer) => {
      const message = parsed(frame.toString());
      const id = isJson(message) ? message['envelope_id'] : null;
      const settle = typeof id === 'string' ? waiting.get(id) : undefined;
      if (settle) settle();
      else violations.push(`acknowledged what was not waiting: ${frame.toString()}`);
    });
    socket.send(
      JSON.stringify({
        type: 'hello',
        num_connections: server.clients.size,
        connection_info: { app_id: 'A0000000APP' },
      }),
    );
  });

  const send: SocketModeServer['send'] = (type, payload) => {
    const socket = [...server.clients].find((client) => client.readyState === client.OPEN);
    if (!socket) return Promise.reject(new Error('nobody is connected'));
    const envelopeId = randomUUID();
    const since = performance.now();
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        waiting.delete(envelopeId);
        violations.push(`${type} was not acknowledged within ${String(ACK_DEADLINE_MS)} ms`);
        resolve(null);
      }, ACK_DEADLINE_MS);
      waiting.set(envelopeId, () => {
        clearTimeout(timer);
        waiting.delete(envelopeId);
        resolve(performance.now() - since);
      });
      socket.send(JSON.stringify({ envelope_id: envelopeId, type, payload, accepts_response_payload: true }));
    });
  };

  return {
    send,
    ticket: () => {
      const ticket = randomUUID();
      tickets.add(ticket);
      return ticket;
    },
    upgrade: (request, socket, head) => {
      const ticket = new URL(request.url ?? '/', 'http://localhost').searchParams.get('ticket') ?? '';
      if (!tickets.delete(ticket)) return void socket.end('HTTP/1.1 401 Unauthorized\r\n\r\n');
      server.handleUpgrade(request, socket, head, (open) => server.emit('connection', open, request));
    },
    connections: () => server.clients.size,
    refresh: () => {
      for (const socket of server.clients) {
        socket.send(JSON.stringify({ type: 'disconnect', reason: 'refresh_requested', debug_info: {} }));
      }
    },
    cut: () => {
      for (const socket of server.clients) socket.terminate();
    },
    close: () => {
      for (const socket of server.clients) socket.terminate();
      server.close();
    },
  };
}
