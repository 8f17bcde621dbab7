import { parseAllowList } from '../../src/feeds/fetching/address-guard.js';
import { NO_VALIDATORS } from '../../src/feeds/feed.js';
import type { FeedRequest, FetchOutcome } from '../../src/feeds/fetching/fetch-outcome.js';
import { createFetcher, type Fetcher, type FetcherOptions } from '../../src/feeds/fetching/fetcher.js';

const FETCHED_AT = new Date('2026-01-01T00:00:00Z');

/** The product's own fetcher, allowed to go to `allowed` ("127.0.0.1:8080"). It must be closed. */
export function fetcherFor(allowed: readonly string[], options: Partial<FetcherOptions> = {}): Fetcher {
  return createFetcher({
    allow: parseAllowList(allowed).allow,
    product: 'Tidings/test',
    about: new URL('https://tidings.test/about'),
    clock: () => FETCHED_AT,
    ...options,
  });
}

/** One poll by a fetcher of its own, allowed to go to the port that is asked, on the loopback address. */
export async function fetchOnce(
  url: URL,
  request: Partial<FeedRequest> = {},
  options: Partial<FetcherOptions> = {},
): Promise<FetchOutcome> {
  const fetcher = fetcherFor([`127.0.0.1:${url.port}`], options);
  try {
    return await fetcher.fetchFeed({ url, validators: NO_VALIDATORS, verifyTls: true, reader: null, ...request });
  } finally {
    await fetcher.close();
  }
}

export function bodyOf(outcome: FetchOutcome): string {
  return outcome.kind === 'fetched' ? new TextDecoder().decode(outcome.body) : JSON.stringify(outcome);
}
