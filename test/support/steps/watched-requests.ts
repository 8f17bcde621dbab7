import { AsyncResource } from 'node:async_hooks';
import { subscribe } from 'node:diagnostics_channel';
import type { WatchedSteps } from './watched-steps.js';

/** A look, after which the platform is as it was before. */
const LOOK = /^GET |^POST \/(auth|conversations)\./;

/**
 * Each request that changes something at a platform has three steps: it begins, it was sent, and it was answered, which
 * nobody but the system knows yet. Replaces this process' `fetch`.
 */
export function watchRequests(steps: Pick<WatchedSteps, 'at'>): void {
  const whenSent = new WeakMap<object, () => void>();
  subscribe('undici:request:create', (message) => {
    const request = requestOf(message);
    const name = nameOf(request.method, `${request.origin}${request.path}`);
    // Its socket may be another's turn: the step is taken where the request was made.
    if (!LOOK.test(name))
      whenSent.set(
        request,
        AsyncResource.bind(() => void steps.at(`${name} sent`)),
      );
  });
  subscribe('undici:request:bodySent', (message) => {
    whenSent.get(requestOf(message))?.();
  });
  const { fetch } = globalThis;
  globalThis.fetch = async (input, init) => {
    const name = nameOf(init?.method ?? 'GET', input instanceof Request ? input.url : String(input));
    if (LOOK.test(name)) return fetch(input, init);
    await steps.at(`${name} begins`);
    const response = await fetch(input, init);
    await steps.at(`${name} answered`);
    return response;
  };
}

interface SentRequest {
  readonly origin: string;
  readonly method: string;
  readonly path: string;
}

function requestOf(message: unknown): SentRequest {
  return (message as { readonly request: SentRequest }).request;
}

/** "POST /channels/:id/messages" */
function nameOf(method: string, url: string): string {
  const path = new URL(url).pathname.replace(/^\/api(\/v\d+)?/, '');
  return `${method} ${path.replace(/\/\d{17,20}(?=\/|$)/g, '/:id')}`;
}
