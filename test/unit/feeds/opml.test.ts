import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import iconv from 'iconv-lite';
import { readOpml, writeOpml, type ListedFeed, type OpmlList } from '../../../src/feeds/opml.js';
import { canonicalUrl } from '../../../src/posts/canonical-url.js';

const NOW = new Date('2026-03-01T12:00:00Z');
const LIST = `<?xml version="1.0"?><opml version="2.0"><head><title>Mine</title></head><body>
  <outline text="Networks"><outline text="Deeper">
    <outline type="rss" text="A &amp; B" xmlUrl="https://a.example/feed?x=1&amp;y=2"/>
  </outline></outline>
  <outline type="rss" text="Again" xmlUrl="http://a.example/feed/?x=1&amp;y=2"/>
  <outline TYPE="RSS" title="C" XMLURL="http://c.example/rss"/>
  <outline text="Script" type="rss" xmlUrl="javascript:alert(1)"/>
  <outline text="Nothing"/>
  <outline text="Site" htmlUrl="https://d.example/"/>
</body></opml>`;

function read(text: string): OpmlList | null {
  return readOpml(Buffer.from(text));
}

function urls(bytes: Uint8Array | string): string[] | null {
  return readOpml(Buffer.from(bytes))?.feeds.map(({ url }) => url.href) ?? null;
}

test('folders are opened, twins merged, and bad lines reported with their place', () => {
  expect(read(LIST)).toEqual({
    feeds: [
      { url: new URL('https://a.example/feed?x=1&y=2'), title: 'A & B' },
      { url: new URL('http://c.example/rss'), title: 'C' },
    ],
    skipped: [
      { line: 7, label: 'Script', reason: '"javascript:alert(1)" is no http or https address' },
      { line: 8, label: 'Nothing', reason: 'has no feed address' },
      { line: 9, label: 'Site', reason: 'has no feed address; to look for one: tidings feed add https://d.example/' },
    ],
    repeated: 1,
  });
});

describe('what readers really write', () => {
  const a = 'https://a.example/?x=1&copy=2';
  const line = `<outline text="É" xmlUrl="${a.replace('&', '&amp;')}"/>`;

  test.each([
    ['bare ampersands', `<opml><body><outline text="A & B" xmlUrl="${a}"/></body></opml>`],
    ['no body', `<opml version="1.0">${line}</opml>`],
    ['no root', line],
    ['outlines in the head', `<opml><head>${line}</head></opml>`],
    ['rssUrl', `<opml><body><outline rssUrl="${a}"/></body></opml>`],
    ['url', `<opml><body><outline type="rss" url="${a}"/></body></opml>`],
    ['upper case', `<OPML><BODY><OUTLINE XMLURL="${a}"/></BODY></OPML>`],
    ['single quotes', `<opml><body><outline xmlUrl='${a}'/></body></opml>`],
    ['feed: addresses', `<opml><body><outline xmlUrl="feed:${a}"/></body></opml>`],
    ['no scheme', `<opml><body><outline xmlUrl="${a.slice(8)}"/></body></opml>`],
    ['a bare "<" in a title', `<opml><body><outline text="1 < 2" xmlUrl="${a}"/></body></opml>`],
    ['an HTML entity', `<opml><body><outline text="caf&eacute;&nbsp;" xmlUrl="${a}"/></body></opml>`],
    ['a document that breaks off', `<opml><body>${line}<outline text="B" xmlUrl="https://b.ex`],
    ['lines never closed', `<opml><body><outline text="A" xmlUrl="${a}"></body></opml>`],
    ['a document type with entities', `<!DOCTYPE opml [<!ENTITY x "y">]><opml><body>${line}</body></opml>`],
  ])('%s', (_name, text) => {
    expect(urls(text)).toStrictEqual([a]);
  });

  test.each(['utf-16le', 'utf-16be', 'utf-8'])('%s with a byte order mark', (encoding) => {
    expect(urls(iconv.encode(`<opml><body>${line}</body></opml>`, encoding, { addBOM: true }))).toStrictEqual([a]);
  });

  test('windows-1252, declared or not', () => {
    for (const declared of ['<?xml version="1.0" encoding="ISO-8859-1"?>', '']) {
      const bytes = iconv.encode(`${declared}<opml><body>${line}</body></opml>`, 'windows-1252');
      expect(readOpml(bytes)?.feeds).toEqual([{ url: new URL(a), title: 'É' }]);
    }
  });

  test('thousands of folders within each other', () => {
    expect(urls(`${'<outline text="f">'.repeat(5_000)}${line}${'</outline>'.repeat(5_000)}`)).toStrictEqual([a]);
  });

  test('a bookmark and an included list are no feeds', () => {
    const list = read(
      '<opml><body><outline type="link" url="https://a.example/"/><outline type="include" url="https://a.example/x.opml"/></body></opml>',
    );
    expect(list).toMatchObject({ feeds: [], skipped: [{ line: 1 }, { line: 1 }] });
  });

  test('a feed of its own may hold others', () => {
    expect(
      urls('<opml><outline xmlUrl="https://a.example/"><outline xmlUrl="https://b.example/"/></outline></opml>'),
    ).toHaveLength(2);
  });
});

test.each(['', 'not xml', '{"a":1}', '<rss version="2.0"><channel/></rss>', '<html><body>outline</body></html>'])(
  '%j is no OPML',
  (text) => {
    expect(read(text)).toBeNull();
  },
);

test('any bytes are read without an error', () => {
  const pieces = fc.constantFrom(
    '<outline ',
    'xmlUrl="https://a.example/',
    '"',
    '/>',
    '<',
    '&',
    '</outline>',
    '<opml>',
    '<![CDATA[',
  );
  fc.assert(
    fc.property(fc.array(fc.oneof(pieces, fc.string())), (parts) => {
      const list = read(parts.join(''));
      expect(list === null || list.feeds.length <= parts.length).toBe(true);
    }),
  );
});

describe('what is written', () => {
  const listed: fc.Arbitrary<ListedFeed> = fc.record({
    url: fc.webUrl({ withQueryParameters: true }).map((href) => new URL(href)),
    title: fc.option(
      fc.stringMatching(/^[\p{L}\p{N}<>&"' ]*[\p{L}\p{N}]$/u).map((title) => title.trim().replace(/\s+/g, ' ')),
    ),
    siteUrl: fc.option(fc.webUrl().map((href) => new URL(href))),
    addedAt: fc.constant(NOW),
  });

  test('is read again: addresses byte for byte, titles as they are shown', () => {
    fc.assert(
      fc.property(fc.uniqueArray(listed, { selector: ({ url }) => canonicalUrl(url) }), (feeds) => {
        const list = read(writeOpml('Feeds', feeds, NOW));
        expect(list?.feeds.map(({ url }) => url.href) ?? []).toStrictEqual(feeds.map(({ url }) => url.href));
        expect(list?.skipped ?? []).toStrictEqual([]);
      }),
    );
    const feeds = [{ url: new URL('https://a.example/?q="<&>\''), title: 'Q & "A" <b>', siteUrl: null, addedAt: NOW }];
    expect(read(writeOpml('Feeds', feeds, NOW))?.feeds).toMatchObject([{ url: feeds[0]?.url, title: 'Q & "A" <b>' }]);
  });

  test('holds what other readers look for', () => {
    const feed = {
      url: new URL('https://a.example/feed'),
      title: 'A',
      siteUrl: new URL('https://a.example/'),
      addedAt: NOW,
    };
    expect(writeOpml('Feeds', [feed], NOW)).toBe(`<?xml version="1.0" encoding="UTF-8"?>
<opml version="2.0">
  <head><title>Feeds</title><dateCreated>Sun, 01 Mar 2026 12:00:00 GMT</dateCreated></head>
  <body>
    <outline type="rss" text="A" title="A" xmlUrl="https://a.example/feed" htmlUrl="https://a.example/" created="Sun, 01 Mar 2026 12:00:00 GMT"/>
  </body>
</opml>
`);
  });
});
