import { beforeEach, describe, expect, test } from '@jest/globals';
import type { Dispatcher } from 'undici';
import {
  createManners,
  type Dispatch,
  type Manners,
  type MannersWatch,
} from '../../../../src/feeds/fetching/manners.js';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const FEED = 'https://a.example/feed';
const CLEAN = { unconditionalAgain: 0, outOfSequence: 0, bogus: 0, early: 0, cookies: 0, referrers: 0, altered: 0 };

const CONTROLLER: Dispatcher.DispatchController = {
  aborted: false,
  paused: false,
  reason: null,
  abort: () => undefined,
  pause: () => undefined,
  resume: () => undefined,
};

interface Exchange {
  readonly url?: string;
  readonly feedUrl?: string;
  readonly sent?: Readonly<Record<string, string>>;
  readonly status?: number;
  readonly given?: Readonly<Record<string, string>>;
}

let now: Date;
let manners: MannersWatch;

beforeEach(() => {
  now = new Date('2026-03-02T00:00:00Z');
  manners = createManners(() => now);
});

/** An hour passes, then one request is made and answered. */
function exchange({ url = FEED, feedUrl, sent = {}, status = 200, given = {} }: Exchange, afterMs = HOUR_MS): void {
  now = new Date(now.getTime() + afterMs);
  const dispatch: Dispatch = (_options, handler) => {
    handler.onResponseStart?.(CONTROLLER, status, given, '');
    return true;
  };
  const { origin, pathname, search } = new URL(url);
  const options = { origin, path: pathname + search, method: 'GET', headers: sent, feedUrl: new URL(feedUrl ?? url) };
  manners.watch(dispatch)(options, {});
}

/** What of the counts is not zero. */
function counted(): Partial<Manners> {
  return Object.fromEntries(Object.entries(manners.counts()).filter(([, count]) => count > 0));
}

const E1 = { 'if-none-match': '"1"' };
const E2 = { 'if-none-match': '"2"' };

describe('good manners', () => {
  test('one request without a condition, then each with what was given last', () => {
    exchange({ given: { etag: '"1"', 'last-modified': 'then' } });
    exchange({ sent: { ...E1, 'if-modified-since': 'then' }, status: 304, given: { etag: '"2"' } });
    exchange({ sent: { ...E2, 'if-modified-since': 'then' }, given: { etag: '"3"' } });
    exchange({ sent: { 'if-none-match': '"3"' }, status: 500 });
    exchange({ sent: { 'if-none-match': '"3"' }, status: 304 });
    expect(manners.counts()).toEqual({ ...CLEAN, requests: 5, unconditional: 1, conditional: 4 });
  });

  test('a validator of the address that a redirect leads to is no invention', () => {
    const hop = { url: FEED, feedUrl: FEED, status: 301, given: { location: '/new?x=1' } };
    const end = { url: 'https://a.example/new?x=1', feedUrl: FEED };
    exchange(hop);
    exchange({ ...end, given: { etag: '"1"' } }, 0);
    exchange({ ...hop, sent: E1 });
    exchange({ ...end, sent: E1, status: 304 }, 0);
    expect(counted()).toEqual({ requests: 4, unconditional: 2, conditional: 2 });
  });

  test('an origin that gives no validators is asked without', () => {
    exchange({});
    exchange({});
    expect(counted()).toEqual({ requests: 2, unconditional: 2 });
  });
});

describe('bad manners', () => {
  test.each<[keyof Manners, readonly Exchange[]]>([
    ['unconditionalAgain', [{ given: { etag: '"1"' } }, {}]],
    ['bogus', [{}, { sent: E1 }]],
    ['bogus', [{ given: { etag: '"1"' } }, { sent: { 'if-none-match': 'W/"1"' } }]],
    ['bogus', [{ given: { etag: '"1"' } }, { sent: { ...E1, 'if-modified-since': 'made up' } }]],
    ['outOfSequence', [{ given: { etag: '"1"' } }, { sent: E1, given: { etag: '"2"' } }, { sent: E1 }]],
    ['outOfSequence', [{ given: { etag: '"1"' } }, { sent: E1, status: 304, given: { etag: '"2"' } }, { sent: E1 }]],
    ['outOfSequence', [{ given: { etag: '"1"' } }, { sent: E1 }, { sent: E1 }]],
    ['cookies', [{ sent: { cookie: 'a=1' } }]],
    ['referrers', [{ sent: { referer: FEED } }]],
    ['altered', [{ url: `${FEED}?_=123`, feedUrl: FEED }]],
    ['altered', [{ url: `${FEED}/`, feedUrl: FEED }]],
  ])('%s: %j', (name, exchanges) => {
    for (const one of exchanges) exchange(one);
    expect(manners.counts()).toMatchObject({ ...CLEAN, [name]: 1 });
  });

  test('early is within a minute, and before a Retry-After has passed: 429 speaks for the origin, 503 for the feed', () => {
    exchange({});
    exchange({}, MINUTE_MS - 1);
    expect(counted()).toMatchObject({ early: 1 });
    exchange({ status: 429, given: { 'retry-after': '7200' } }, MINUTE_MS);
    exchange({ url: 'https://a.example/other' });
    expect(counted()).toMatchObject({ early: 2 });
    exchange({ status: 503, given: { 'retry-after': '7200' } });
    expect(counted()).toMatchObject({ early: 2 });
    exchange({ url: 'https://a.example/other' });
    expect(counted()).toMatchObject({ early: 2 });
    exchange({}, MINUTE_MS);
    expect(counted()).toMatchObject({ early: 3 });
  });
});

describe('what was not seen is not judged', () => {
  test('after a restart nothing is called invented, and what is invented later is', () => {
    exchange({ sent: { ...E1, 'if-modified-since': 'then' }, status: 304 });
    exchange({ sent: { ...E1, 'if-modified-since': 'then' }, given: { etag: '"2"', 'last-modified': 'now' } });
    exchange({ sent: { ...E2, 'if-modified-since': 'now' }, status: 304 });
    expect(counted()).toEqual({ requests: 3, conditional: 3 });
    exchange({ sent: { 'if-none-match': '"made up"' } });
    expect(counted()).toMatchObject({ bogus: 1 });
  });

  test('a value that was held, but not sent at first, is believed once', () => {
    exchange({ sent: { 'if-modified-since': 'then' }, status: 304 });
    exchange({ sent: E1, status: 304 });
    expect(counted()).toEqual({ requests: 2, conditional: 2 });
    exchange({ sent: E2 });
    expect(counted()).toMatchObject({ bogus: 1 });
  });

  test('memory is bounded: the addresses asked longest ago are forgotten', () => {
    manners = createManners(() => now, 3);
    for (const name of ['a', 'b', 'c', 'd']) exchange({ url: `${FEED}/${name}`, given: { etag: '"1"' } });
    exchange({ url: `${FEED}/a`, sent: E2 });
    expect(counted()).toEqual({ requests: 5, unconditional: 4, conditional: 1 });
    exchange({ url: `${FEED}/d`, sent: E2 });
    expect(counted()).toMatchObject({ bogus: 1 });
  });
});
