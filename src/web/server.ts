import fastify, { type FastifyInstance } from 'fastify';
import type { HttpRoute } from '../chat/http-route.js';
import { ConfigError } from '../errors.js';
import type { HubCallback } from '../feeds/websub/hub-callback.js';
import { errorStack, type Logger } from '../log.js';
import { mountHubCallback } from './hub-route.js';
import { mountMetrics, type Metric } from './metrics.js';
import { checkAll, type Checks } from './readiness.js';
import { mountRaw } from './raw-route.js';

export interface WebServerOptions {
  readonly host: string;
  /** 0 picks a free one. */
  readonly port: number;
  /** Callbacks of the chat platforms. They read the body themselves. */
  readonly routes: readonly HttpRoute[];
  /** What WebSub hubs call; null without a public address. */
  readonly hubs?: HubCallback | null;
  /** What `/readyz` asks. */
  readonly checks: Checks;
  /** What `/metrics` shows beside the figures of the process. */
  readonly metrics?: readonly Metric[];
  readonly log: Logger;
}

export interface WebServer {
  /** @throws ConfigError when the address cannot be listened on. */
  readonly start: () => Promise<void>;
  /** Lets requests under way finish, for at most 3 s. */
  readonly stop: () => Promise<void>;
  /** `http://127.0.0.1:8080` once started. */
  readonly address: () => string;
}

const MAX_BODY_BYTES = 1_000_000;
const REQUEST_TIMEOUT_MS = 30_000;
const DRAIN_MS = 3_000;
const HEADERS: Readonly<Record<string, string>> = {
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
};

export function createWebServer(options: WebServerOptions): WebServer {
  const app = fastify({
    logger: false,
    bodyLimit: MAX_BODY_BYTES,
    requestTimeout: REQUEST_TIMEOUT_MS,
    forceCloseConnections: 'idle',
    return503OnClosing: true,
  });
  harden(app, options.log);
  addHealth(app, options);
  mountMetrics(app, options.metrics ?? []);
  for (const route of options.routes) mountRaw(app, route, MAX_BODY_BYTES);
  if (options.hubs) mountHubCallback(app, options.hubs);
  let address = '';
  return {
    start: async () => {
      address = await listen(app, options);
      options.log.info('web-listening', { address });
    },
    stop: async () => {
      const cutOff = setTimeout(() => {
        app.server.closeAllConnections();
      }, DRAIN_MS);
      await app.close();
      clearTimeout(cutOff);
    },
    address: () => address,
  };
}

function harden(app: FastifyInstance, log: Logger): void {
  app.addHook('onRequest', (_request, reply, done) => {
    for (const [name, value] of Object.entries(HEADERS)) reply.raw.setHeader(name, value);
    done();
  });
  app.setNotFoundHandler((request, reply) => {
    const text = `Nothing is at this address. Health: /healthz, /readyz and /metrics.`;
    const wantsJson = request.headers.accept?.includes('json') === true;
    return reply.code(404).send(wantsJson ? { error: 'not-found', text } : `${text}\n`);
  });
  app.setErrorHandler((error: { readonly statusCode?: number }, _request, reply) => {
    const status = error.statusCode ?? 500;
    if (status >= 500) log.error('web-request-failed', { stack: errorStack(error) });
    return reply.code(status).send({ error: status >= 500 ? 'internal' : 'bad-request' });
  });
}

function addHealth(app: FastifyInstance, { checks }: WebServerOptions): void {
  app.get('/healthz', () => ({ up: true }));
  app.get('/readyz', async (_request, reply) => {
    const answers = await checkAll(checks);
    const ready = Object.values(answers).every(Boolean);
    return reply.code(ready ? 200 : 503).send({ ready, ...answers });
  });
}

async function listen(app: FastifyInstance, { host, port }: WebServerOptions): Promise<string> {
  try {
    return await app.listen({ host, port });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const problem = listenProblem(code ?? '', host, port);
    throw problem === null ? error : new ConfigError([problem]);
  }
}

function listenProblem(code: string, host: string, port: number): string | null {
  switch (code) {
    case 'EADDRINUSE':
      return `PORT ${String(port)} on ${host} is taken: stop what uses it or set PORT (0 picks a free one)`;
    case 'EACCES':
      return `PORT ${String(port)} on ${host} needs more rights: set PORT to 1024 or higher`;
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
    case 'EINVAL':
      return `HOST ${host} is not an address of this machine: set HOST to 127.0.0.1, or 0.0.0.0 for all`;
    default:
      return null;
  }
}
