import { httpUrl } from '../../posts/http-url.js';
import { isAllowedUrl } from './address-guard.js';
import { ask, type HttpAnswer, type Question } from './ask.js';
import type { FetchFailure } from './fetch-outcome.js';
import { networkTrouble } from './network-trouble.js';
import type { Dispatch } from './manners.js';

export interface Journey {
  readonly kind: 'arrived';
  readonly answer: HttpAnswer;
  readonly url: URL;
  /** Where a chain of redirects led that all said "for good" (301, 308); null without redirects, or with any other. */
  readonly movedTo: URL | null;
}

export type JourneyOutcome =
  Journey | { readonly kind: 'failed'; readonly reason: FetchFailure; readonly status: number | null };

export interface Route {
  readonly question: Omit<Question, 'url'>;
  readonly maxRedirects: number;
  readonly redirects: ReadonlySet<number>;
}

export const ALL_REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);
/** Those after which a request is repeated as it was, its body included (RFC 9110 §15.4). */
export const REPEATING_REDIRECTS: ReadonlySet<number> = new Set([307, 308]);
const PERMANENT = new Set([301, 308]);

/** Redirects are followed by hand, so that each hop passes the guard. Never rejects for what the network did. */
export async function followRedirects(dispatch: Dispatch, start: URL, route: Route): Promise<JourneyOutcome> {
  try {
    return await travel(dispatch, start, route);
  } catch (error) {
    const reason = networkTrouble(error);
    if (!reason) throw error;
    return failed(reason);
  }
}

async function travel(dispatch: Dispatch, start: URL, route: Route): Promise<JourneyOutcome> {
  const asked: URL[] = [];
  let url = start;
  let forGood = true;
  while (asked.length <= route.maxRedirects) {
    if (!isAllowedUrl(url)) return failed('blocked-address');
    asked.push(url);
    const answer = await ask(dispatch, { ...route.question, url });
    if (!route.redirects.has(answer.status)) {
      return { kind: 'arrived', answer, url, movedTo: asked.length > 1 && forGood ? url : null };
    }
    const next = target(answer.header('location'), url);
    // Sent round in a circle: asking the same again would only cost the origin.
    if (!next || asked.some((one) => wireForm(one) === wireForm(next))) return failed('redirects', answer.status);
    forGood &&= PERMANENT.has(answer.status) && !isDowngrade(url, next);
    url = next;
  }
  return failed('redirects');
}

/** Bytes beyond ASCII come as one character each and are sent back as they came. */
function target(location: string | null, base: URL): URL | null {
  if (location === null) return null;
  const ascii = location.replace(/[\u0080-\u00ff]/g, (byte) => `%${byte.charCodeAt(0).toString(16)}`);
  const url = httpUrl(ascii, base);
  if (url) url.hash = '';
  return url;
}

/** The fragment never reaches a server. */
function wireForm(url: URL): string {
  return url.origin + url.pathname + url.search;
}

/** Followed, because some publishers do it, but never taken for good: it would give up what TLS promises. */
function isDowngrade(from: URL, to: URL): boolean {
  return from.protocol === 'https:' && to.protocol === 'http:';
}

function failed(reason: FetchFailure, status: number | null = null): JourneyOutcome {
  return { kind: 'failed', reason, status };
}
