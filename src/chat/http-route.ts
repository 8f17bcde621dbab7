import type { IncomingMessage, ServerResponse } from 'node:http';

/** An HTTP callback that a platform sends to us. The body is unread: signatures cover its bytes. */
export interface HttpRoute {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly handle: (request: IncomingMessage, response: ServerResponse) => void;
}
