import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parseLinkHeader } from '../../../../src/feeds/fetching/link-header.js';
import { offeredHubs, type ShownLinks } from '../../../../src/feeds/websub/offered-hubs.js';

const url = new URL('https://blog.example/feed.xml');
const read = (header: string) => parseLinkHeader(header, url).map((link) => [link.url.href, ...link.rels]);

describe('Link headers', () => {
  test.each([
    ['<https://hub.example/>; rel="hub"', [['https://hub.example/', 'hub']]],
    ['<https://hub.example/>;rel=hub', [['https://hub.example/', 'hub']]],
    ['<https://hub.example/> ; REL = "HUB"', [['https://hub.example/', 'hub']]],
    ['</feed>; rel="self alternate"', [['https://blog.example/feed', 'self', 'alternate']]],
    ['<>; rel=self', [['https://blog.example/feed.xml', 'self']]],
    [
      '<https://a.example/>; rel="hub", <https://b.example/>; rel=hub',
      [
        ['https://a.example/', 'hub'],
        ['https://b.example/', 'hub'],
      ],
    ],
    ['<https://a.example/?x=1,2;y>; rel=hub', [['https://a.example/?x=1,2;y', 'hub']]],
    ['<https://a.example/>; title="a, <b>; rel=self \\" c"; rel=hub', [['https://a.example/', 'hub']]],
    ['<https://a.example/>; rel=hub; rel=self', [['https://a.example/', 'hub']]],
    ['<https://a.example/>; rel=hub; anchor="#part"', []],
    ['<https://a.example/>; rel=hub; anchor="https://blog.example/feed.xml"', [['https://a.example/', 'hub']]],
    ['<javascript:alert(1)>; rel=hub', []],
    ['https://a.example/; rel=hub, <https://b.example/>; rel=hub', [['https://b.example/', 'hub']]],
    [', ,<https://b.example/>; crossorigin; rel=hub,', [['https://b.example/', 'hub']]],
    ['<https://b.example/', []],
    ['', []],
  ])('%s', (header, links) => {
    expect(read(header)).toStrictEqual(links);
  });

  test('whatever a header holds, it is read in no time and never throws', () => {
    const hostile = fc.array(
      fc.constantFrom('<', '>', '"', '\\', ',', ';', '=', 'rel', 'hub', ' ', 'https://a.example/'),
    );
    fc.assert(fc.property(hostile, (parts) => Array.isArray(read(parts.join('')))));
    const startedAt = performance.now();
    for (const bad of ['<', '"', '\\"', '<a', '";', ';a="', 'a="\\']) read(bad.repeat(16_384 / bad.length));
    expect(performance.now() - startedAt).toBeLessThan(2_000);
  });
});

describe('which hub a feed is pushed by', () => {
  const none: ShownLinks['document'] = { hubs: [], selfUrl: null };
  const inDocument: ShownLinks['document'] = {
    hubs: [new URL('https://inside.example/')],
    selfUrl: new URL('https://blog.example/self'),
  };
  const offered = (linkHeader: string | null, document: ShownLinks['document']) => {
    const found = offeredHubs({ linkHeader, url, document });
    return found && [found.topic.href, ...found.hubs.map(({ href }) => href)];
  };

  test('the header comes before the document', () => {
    expect(offered('<https://hub.example/>; rel=hub, </other>; rel=self', inDocument)).toStrictEqual([
      'https://blog.example/other',
      'https://hub.example/',
    ]);
  });

  test('without a header that names one, the document is believed', () => {
    expect(offered('</style.css>; rel=preload', inDocument)).toStrictEqual([
      'https://blog.example/self',
      'https://inside.example/',
    ]);
  });

  test('a feed that does not name itself is known by where it was found', () => {
    expect(offered('<https://hub.example/>; rel=hub', none)).toStrictEqual([url.href, 'https://hub.example/']);
  });

  test('no hub, no subscription', () => {
    expect(offered('<https://blog.example/self>; rel=self', none)).toBeNull();
    expect(offered(null, { ...none, hubs: [new URL('https://user:pass@hub.example/')] })).toBeNull();
  });

  test('of several hubs those behind TLS come first; a fragment is no part of a topic', () => {
    expect(
      offered('<http://a.example/>; rel=hub, <https://b.example/>; rel=hub, </feed#top>; rel=self', none),
    ).toStrictEqual(['https://blog.example/feed', 'https://b.example/', 'http://a.example/']);
  });
});
