import { setTimeout } from 'node:timers/promises';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { HubAnswer, HubCallback } from '../feeds/websub-callback.js';

/** As much as a poll reads of a document. */
const MAX_BODY_BYTES = 10 * 1024 * 1024;
/** Bodies held in memory at once, of all hubs and of one subscription: more are sent again later. */
const AT_ONCE = 16;
const AT_ONCE_OF_ONE = 2;
/** A hub that waits longer than this gives up and counts it as a failure. */
const ANSWER_WITHIN_MS = 10_000;
const RETRY_AFTER_SECONDS = '60';
const BUSY: HubAnswer = { status: 503, text: 'busy, send it again later' };

type CallbackRequest = FastifyRequest<{ Params: { token: string }; Querystring: Record<string, unknown> }>;

/** Where hubs verify (GET) and push (POST). The bytes of a body stay as they came: its signature covers them. */
export function mountHubCallback(app: FastifyInstance, callback: HubCallback): void {
  void app.register((scope, _options, done) => {
    const gate = createGate();
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: MAX_BODY_BYTES }, (_request, body, parsed) => {
      parsed(null, body);
    });
    const path = '/websub/:token';
    scope.get(path, { exposeHeadRoute: false }, async (request: CallbackRequest, reply) =>
      send(reply, await callback.verify(request.params.token, request.query)),
    );
    scope.post(path, {
      // A stranger's body is not read.
      onRequest: async (request: CallbackRequest, reply) => {
        const refusal = await callback.refusePush(request.params.token);
        if (refusal) return send(reply.header('connection', 'close'), refusal);
        return gate.enter(request, reply) ? undefined : send(reply.header('connection', 'close'), BUSY);
      },
      handler: async (request: CallbackRequest, reply) => send(reply, await gate.within(request, push(callback, request))),
    });
    done();
  });
}

function push(callback: HubCallback, { params, body, headers }: CallbackRequest): Promise<HubAnswer> {
  const signature = headers['x-hub-signature'];
  return callback.push(params.token, {
    body: Buffer.isBuffer(body) ? body : Buffer.alloc(0),
    contentType: headers['content-type'] ?? null,
    signature: typeof signature === 'string' ? signature : null,
  });
}

/** Plain text: a challenge is whatever the caller wrote, and must never be read as markup. */
function send(reply: FastifyReply, { status, text }: HubAnswer): FastifyReply {
  if (status === 503) reply.header('retry-after', RETRY_AFTER_SECONDS);
  return reply.code(status).type('text/plain; charset=utf-8').send(text);
}

interface Gate {
  /** False: too much is under way. The place is free again when the work is done, or the request breaks off before. */
  readonly enter: (request: CallbackRequest, reply: FastifyReply) => boolean;
  readonly within: (request: CallbackRequest, work: Promise<HubAnswer>) => Promise<HubAnswer>;
}

function createGate(): Gate {
  const under = new Map<FastifyRequest, string>();
  const working = new WeakSet<FastifyRequest>();
  const ofOne = (token: string) => [...under.values()].filter((other) => other === token).length;
  return {
    enter: (request, reply) => {
      const { token } = request.params;
      if (under.size >= AT_ONCE || ofOne(token) >= AT_ONCE_OF_ONE) return false;
      under.set(request, token);
      reply.raw.once('close', () => {
        if (!working.has(request)) under.delete(request);
      });
      return true;
    },
    within: async (request, work) => {
      working.add(request);
      const free = () => under.delete(request);
      void work.then(free, free);
      const stop = new AbortController();
      const late = setTimeout(ANSWER_WITHIN_MS, BUSY, { signal: stop.signal });
      return Promise.race([work, late]).finally(() => {
        stop.abort();
      });
    },
  };
}
