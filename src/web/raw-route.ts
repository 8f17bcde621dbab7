import type { IncomingMessage } from 'node:http';
import type { FastifyInstance } from 'fastify';
import type { HttpRoute } from '../chat/http-route.js';

/** Hands a platform's callback the untouched request: its signature covers the bytes of the body. */
export function mountRaw(app: FastifyInstance, route: HttpRoute, maxBodyBytes: number): void {
  void app.register((scope, _options, done) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', (_request, _body, parsed) => {
      parsed(null);
    });
    scope.route({
      method: route.method,
      url: route.path,
      exposeHeadRoute: false,
      handler: (request, reply) => {
        const announced = Number(request.headers['content-length'] ?? 0);
        if (announced > maxBodyBytes) return reply.code(413).header('connection', 'close').send({ error: 'too-large' });
        reply.hijack();
        cutOffBeyond(request.raw, maxBodyBytes);
        route.handle(request.raw, reply.raw);
        return reply;
      },
    });
    done();
  });
}

/** A chunked body announces no length; reading it here to count would take it from the callback. */
function cutOffBeyond(request: IncomingMessage, maxBodyBytes: number): void {
  const push = request.push.bind(request);
  let seenBytes = 0;
  request.push = (chunk: Buffer | null, encoding?: BufferEncoding): boolean => {
    seenBytes += chunk?.length ?? 0;
    if (seenBytes <= maxBodyBytes) return push(chunk, encoding);
    request.destroy();
    return false;
  };
}
