import { setTimeout } from 'node:timers/promises';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { HubAnswer, HubCallback } from '../feeds/websub/hub-callback.js';

export interface HubRouteLimits {
  readonly maxBodyBytes: number;
  /** Bodies held in memory at once, of all hubs and of one subscription: more are sent again later. */
  readonly atOnce: number;
  readonly atOnceOfOne: number;
  /** A hub that waits longer gives up and counts it as a failure. */
  readonly answerWithinMs: number;
}

const LIMITS: HubRouteLimits = {
  // As much as a poll reads of a document.
  maxBodyBytes: 10 * 1024 * 1024,
  atOnce: 16,
  atOnceOfOne: 2,
  answerWithinMs: 10_000,
};
const RETRY_AFTER_SECONDS = '60';
const BUSY: HubAnswer = { status: 503, text: 'busy, send it again later' };

type CallbackRequest = FastifyRequest<{ Params: { token: string }; Querystring: Record<string, unknown> }>;

/** Where hubs verify (GET) and push (POST). The bytes of a body stay as they came: its signature covers them. */
export function mountHubCallback(app: FastifyInstance, callback: HubCallback, limits = LIMITS): void {
  void app.register((scope, _options, done) => {
    const gate = createGate(limits);
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: limits.maxBodyBytes }, (_request, body, parsed) => {
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
      handler: async (request: CallbackRequest, reply) =>
        send(reply, await gate.within(request, push(callback, request))),
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

function createGate({ atOnce, atOnceOfOne, answerWithinMs }: HubRouteLimits): Gate {
  const under = new Map<FastifyRequest, string>();
  const working = new WeakSet<FastifyRequest>();
  const ofOne = (token: string) => [...under.values()].filter((other) => other === token).length;
  return {
    enter: (request, reply) => {
      const { token } = request.params;
      if (under.size >= atOnce || ofOne(token) >= atOnceOfOne) return false;
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
      const late = setTimeout(answerWithinMs, BUSY, { signal: stop.signal, ref: false });
      return Promise.race([work, late]).finally(() => {
        stop.abort();
      });
    },
  };
}
