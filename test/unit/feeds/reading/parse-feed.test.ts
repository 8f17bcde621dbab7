import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { FeedDocument, ParseOutcome } from '../../../../src/feeds/reading/feed-document.js';
import { parseFeed } from '../../../../src/feeds/reading/parse-feed.js';
import type { Entry } from '../../../../src/posts/post.js';

const BASE = new URL('https://feeds.example/blog/feed.xml');

function parse(text: string, contentType: string | null = null): Promise<ParseOutcome> {
  return parseFeed({ bytes: new TextEncoder().encode(text), contentType, baseUrl: BASE }, new Set());
}

async function documentOf(text: string): Promise<FeedDocument> {
  const outcome = await parse(text);
  if (outcome.kind !== 'parsed') throw new Error(`not a feed: ${outcome.looksLike}`);
  return outcome.document;
}

const rss = (items: string, root = 'rss version="2.0"') =>
  `<?xml version="1.0"?><${root}><channel><title>Feed</title><link>/home</link>${items}</channel></rss>`;

async function entriesOf(items: string): Promise<Entry[]> {
  return entriesIn(await documentOf(rss(items)));
}

function entriesIn(document: FeedDocument): Entry[] {
  return document.entries.map(({ entry }) => entry).filter((entry) => entry !== null);
}

describe('RSS', () => {
  test('gives everything an entry holds', async () => {
    const document = await documentOf(`<rss version="2.0" xmlns:m="http://search.yahoo.com/mrss/"
      xmlns:c="http://purl.org/rss/1.0/modules/content/" xmlns:x="http://purl.org/dc/elements/1.1/"><channel>
      <title>Net &amp;amp; News</title><link>https://site.example/</link>
      <item><guid isPermaLink="false"> id-1 </guid><link>../post?a=1&amp;b=2</link><title>BGP &lt;b&gt;leak&lt;/b&gt; &amp;amp; more</title>
        <x:creator>Ada</x:creator><pubDate>Tue, 03 Feb 2026 04:05:06 GMT</pubDate><category>BGP</category><category>bgp</category>
        <category>Outages</category><description>Teaser</description>
        <c:encoded><![CDATA[<p>One &amp; two.</p><ul><li>a</li><li>b</li></ul>]]></c:encoded>
        <m:thumbnail url="/pic.jpg" width="640"/></item></channel></rss>`);
    expect({ ...document, entries: entriesIn(document) }).toEqual({
      title: 'Net & News',
      siteUrl: new URL('https://site.example/'),
      entries: [
        {
          guid: 'id-1',
          link: new URL('https://feeds.example/post?a=1&b=2'),
          title: 'BGP leak & more',
          author: 'Ada',
          text: 'One & two.\n\n- a\n- b',
          publishedAt: new Date('2026-02-03T04:05:06Z'),
          updatedAt: null,
          imageUrl: new URL('https://feeds.example/pic.jpg'),
          tags: ['bgp', 'Outages'],
        },
      ],
      cutOff: false,
      hints: { freshForMs: null, skipHours: [], skipDays: [] },
      hubs: [],
      selfUrl: null,
    });
  });

  test.each(['rss', 'rss version="0.91"', 'rss version="2.0.1"', 'RSS version="7"', 'x:rss xmlns:x="urn:x"'])(
    '<%s> is read',
    async (root) => {
      const text = rss('<item><title>A</title></item>', root).replace('</rss>', `</${root.split(' ')[0] ?? ''}>`);
      expect(entriesIn(await documentOf(text)).map(({ title }) => title)).toEqual(['A']);
    },
  );

  test('entries outside the channel and after it are read', async () => {
    const outside = '<rss version="2.0"><channel><title>F</title></channel><item><title>A</title></item></rss>';
    expect((await documentOf(outside)).entries).toHaveLength(1);
    const rdf = `<r:RDF xmlns:r="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"><channel><title>F</title>
      <item r:about="https://a.example/1"><title>A</title></item></channel><item r:about="https://a.example/2"><title>B</title></item></r:RDF>`;
    expect(entriesIn(await documentOf(rdf)).map(({ guid }) => guid)).toEqual([
      'https://a.example/1',
      'https://a.example/2',
    ]);
  });

  test('a permalink stands in for a missing link, and a script never is one', async () => {
    const [permalink, opaque, script] = await entriesOf(
      '<item><guid>https://a.example/1</guid></item><item><guid isPermaLink="false">https://a.example/2</guid></item><item><link>javascript:alert(1)</link></item>',
    );
    expect(permalink?.link?.href).toBe('https://a.example/1');
    expect(opaque?.link).toBeNull();
    expect(script?.link).toBeNull();
  });
});

describe('Atom', () => {
  test('is read with prefixes, XHTML in order, bases, and dates that say nothing', async () => {
    const document =
      await documentOf(`<a:feed xmlns:a="http://www.w3.org/2005/Atom" xml:base="https://base.example/x/"><a:title type="html">F &amp;lt;i&amp;gt;</a:title>
      <a:link rel="self" href="self.xml"/><a:link href="site"/><a:author><a:name>Everyone</a:name></a:author>
      <a:entry><a:id>urn:1</a:id><a:link/><a:link rel="alternate" href="post"/><a:title>1 &lt; 2</a:title><a:updated>soon</a:updated>
      <a:content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">One <b>two</b> three &amp; four<br/>five</div></a:content></a:entry></a:feed>`);
    expect(document.title).toBe('F <i>');
    expect(document.siteUrl?.href).toBe('https://base.example/x/site');
    expect(entriesIn(document)[0]).toMatchObject({
      link: new URL('https://base.example/x/post'),
      title: '1 < 2',
      author: 'Everyone',
      text: 'One two three & four\nfive',
      publishedAt: null,
    });
  });
});

describe('JSON Feed', () => {
  test('is read, and one careless entry does not lose the others', async () => {
    const document = await documentOf(
      JSON.stringify({
        version: 'https://jsonfeed.org/version/1.1',
        title: 'J',
        authors: [{ name: 'Ada' }],
        items: [
          { id: 7, url: '/a', content_html: '<p>Hi</p>', date_published: '2026-02-03T04:05:06Z', tags: ['x', 3] },
          'nonsense',
          { title: ['no'] },
        ],
      }),
    );
    const entries = entriesIn(document);
    expect(document.title).toBe('J');
    expect(entries).toHaveLength(2);
    expect(entries[0]).toMatchObject({
      guid: '7',
      link: new URL('https://feeds.example/a'),
      author: 'Ada',
      text: 'Hi',
      tags: ['x', '3'],
    });
  });
});

describe('documents that are not well-formed', () => {
  test.each([
    ['bare ampersands', '<item><title>AT&T & co</title><link>https://a.example/?a=1&b=2</link></item>', 'AT&T & co'],
    ['bare less-than', '<item><title>5 < 6, x <- y, I </3 it</title></item>', '5 < 6, x <- y, I </3 it'],
    ['entities of HTML', '<item><title>caf&eacute;&nbsp;bar &unknown; x</title></item>', 'café bar &unknown; x'],
    ['wrong close tags', '<item><title>A</titel></title></b></item>', 'A'],
    ['an entry that is never closed', '<item><title>A</title><item><title>B</title></item>', 'A'],
    ['a text that is never closed', '<item><title>A</title><description>x</item><item><title>B</title></item>', 'A'],
    ['control characters', '<item><title>A\u0000\u0008\ufffe</title></item>', 'A'],
    ['unquoted attributes', '<item a=b c><title>A</title></item>', 'A'],
  ])('%s are mended', async (_what, items, title) => {
    expect((await entriesOf(items))[0]?.title).toBe(title);
  });

  test('junk before the root and a cut at the end cost at most the entry that was cut', async () => {
    const text = `\ufeff\n<br /><b>Warning</b>: x\n${rss('<item><title>A</title></item><item><title>Half a ti')}`;
    const entries = entriesIn(await documentOf(text.slice(0, text.indexOf('Half') + 9)));
    expect(entries.map(({ title }) => title)).toEqual(['A']);
  });

  test('declared entities are never expanded and external ones never read', async () => {
    const lol = Array.from(
      { length: 9 },
      (_, n) => `<!ENTITY l${String(n + 1)} "${`&l${String(n)};`.repeat(10)}">`,
    ).join('');
    const document = await documentOf(
      `<!DOCTYPE rss [<!ENTITY l0 "lol">${lol}<!ENTITY x SYSTEM "file:///etc/passwd">]>${rss('<item><title>&l9;&x;</title></item>')}`,
    );
    expect(entriesIn(document)[0]?.title).toBe('&l9;&x;');
  });
});

describe('what is no feed', () => {
  test.each([
    ['html', '<!DOCTYPE html><html><body><a href="/feed">RSS</a></body></html>'],
    ['html', '<!doctype html><title>x</title>'],
    ['html', '<html><body><pre><rss version="2.0"></pre></body></html>'],
    ['empty', ' \n '],
    ['broken-xml', '<rss version="2.0"></rss>'],
    ['broken-xml', '<feed>'],
    ['other', '{"a":1}'],
    ['other', 'hello'],
    ['other', '<svg/>'],
  ])('is called %s: %s', async (looksLike, text) => {
    expect(await parse(text)).toEqual({ kind: 'not-a-feed', looksLike });
  });
});

describe('hostile documents', () => {
  async function timedMs(work: () => Promise<unknown>): Promise<number> {
    const startedAt = performance.now();
    await work();
    return performance.now() - startedAt;
  }

  test.each([
    [
      'description',
      (html: string) => rss(`<item><title>t</title><description><![CDATA[${html}]]></description></item>`),
    ],
    ['content:encoded', (html: string) => rss(`<item><content:encoded><![CDATA[${html}]]></content:encoded></item>`)],
    [
      'Atom content',
      (html: string) =>
        `<feed xmlns="http://www.w3.org/2005/Atom"><entry><content type="html"><![CDATA[${html}]]></content></entry></feed>`,
    ],
  ])('tags that never end in %s take no more time than their length', async (_where, wrap) => {
    expect(await timedMs(() => documentOf(wrap('a<h '.repeat(40_000))))).toBeLessThan(1_000);
    expect(await timedMs(() => documentOf(wrap('<p '.repeat(40_000))))).toBeLessThan(1_000);
  });

  test.each([
    ['nesting', `<rss>${'<a>'.repeat(300_000)}`],
    ['nesting in a text', rss(`<item><description>${'<b>'.repeat(300_000)}</description></item>`)],
    ['nesting in HTML', rss(`<item><description>${'&lt;b&gt;'.repeat(200_000)}</description></item>`)],
    ['attributes', rss(`<item ${Array.from({ length: 100_000 }, (_, n) => `a${String(n)}="1"`).join(' ')}/>`)],
    ['open CDATA', `<rss><channel>${'<![CDATA['.repeat(100_000)}`],
    ['open comments', `<rss><channel>${'<!--'.repeat(100_000)}`],
    ['open quotes', `<rss><channel>${'<a b="'.repeat(100_000)}`],
    ['ampersands', rss(`<item><title>${'&'.repeat(300_000)}</title></item>`)],
    [
      'spaces',
      rss(`<item><title>${' '.repeat(300_000)}x</title><description>${'x \n'.repeat(100_000)}</description></item>`),
    ],
    ['brackets', rss(`<item><title>${'<'.repeat(300_000)}</title></item>`)],
    ['declarations', `<!DOCTYPE ${'['.repeat(300_000)}<rss>`],
  ])('endless %s end in time', async (_what, text) => {
    expect(await timedMs(() => parse(text))).toBeLessThan(2_000);
  });

  test('a feed has at most 1,000 entries, the first of the document', async () => {
    const entries = await entriesOf(
      Array.from({ length: 1_500 }, (_, n) => `<item><title>${String(n)}</title></item>`).join(''),
    );
    expect(entries).toHaveLength(1_000);
    expect(entries.at(-1)?.title).toBe('999');
  });

  test('names of prototypes are only names', async () => {
    const [entry] = await entriesOf(
      '<item><__proto__><polluted>1</polluted></__proto__><constructor>x</constructor><title>A</title></item>',
    );
    expect(entry?.title).toBe('A');
    expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
  });

  test('no document makes the parser throw', async () => {
    const tokens =
      '<rss>|<channel>|<item>|</item>|<title>|</title>|<feed>|<entry>|<![CDATA[|]]>|<!--|-->|&|<|>|"|=|a|<link href="x">|{|<content type="xhtml">|</content>';
    await fc.assert(
      fc.asyncProperty(fc.array(fc.constantFrom(...tokens.split('|')), { maxLength: 30 }), async (parts) => {
        expect(['parsed', 'not-a-feed']).toContain((await parse(`<rss><channel>${parts.join('')}`)).kind);
        expect(['parsed', 'not-a-feed']).toContain((await parse(parts.join(''))).kind);
      }),
      { numRuns: 300 },
    );
  });
});
