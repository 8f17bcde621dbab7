import { AsyncResource } from 'node:async_hooks';
import { subscribe } from 'node:diagnostics_channel';
import type { WatchedSteps } from './watched-steps.js';

/** A look, after which the platform is as it was before. */
const LOOK = /^GET |^POST \/(auth|conversations)\./;

/**
 * Each request that changes something at a platform has three steps: it begins, it was sent, and it was answered, which
 * nobody but the system knows yet.
 */
export function watchRequests(steps: Pick<WatchedSteps, 'at'>): void {
  const steppers = new WeakMap<object, (what: string) => void>();
  subscribe('undici:request:create', (message) => {
    const request = requestOf(message);
    const name = nameOf(request.method, `${request.origin}${request.path}`);
    if (LOOK.test(name)) return;
    // Its socket may be another's turn: a step is taken where the request was made.
    const stepper = AsyncResource.bind((what: string) => void steps.at(`${name} ${what}`));
    steppers.set(request, stepper);
    stepper('begins');
  });
  subscribe('undici:request:bodySent', (message) => steppers.get(requestOf(message))?.('sent'));
  subscribe('undici:request:trailers', (message) => steppers.get(requestOf(message))?.('answered'));
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
