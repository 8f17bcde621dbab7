import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { foldCandidates, type FeedCandidate } from '../../../../src/feeds/discovery/feed-candidates.js';
import { feedLinksOf, headerFeedsOf } from '../../../../src/feeds/discovery/page-links.js';

const PAGE = new URL('https://blog.example/2024/post.html');

function hrefs(candidates: readonly FeedCandidate[]): string[] {
  return candidates.map(({ url }) => url.href);
}

function stated(html: string): string[] {
  return hrefs(feedLinksOf(html, PAGE).stated);
}

function anchors(html: string): string[] {
  return hrefs(feedLinksOf(html, PAGE).anchors);
}

function candidate(href: string, title: string | null, format: FeedCandidate['format']): FeedCandidate {
  return { url: new URL(href, PAGE), title, format };
}

describe('what a page states', () => {
  test('every type of feed, relative addresses, any case and order of attributes', () => {
    const html = `<html><head><LINK HREF="/rss" TYPE="Application/RSS+XML; charset=utf-8" REL="home ALTERNATE" title="A &amp; B">
      <link rel=alternate type=application/atom+xml href=atom.xml>
      <link rel="alternate" type="application/feed+json" href="//cdn.example/feed.json"/>
      <link rel="feed" href="/hidden">`;
    expect(feedLinksOf(html, PAGE).stated).toStrictEqual([
      candidate('/rss', 'A & B', 'rss'),
      candidate('atom.xml', null, 'atom'),
      candidate('https://cdn.example/feed.json', null, 'json'),
      candidate('/hidden', null, null),
    ]);
  });

  test('<base> moves relative addresses', () => {
    expect(
      stated('<base href="https://other.example/x/"><link rel=alternate type=application/rss+xml href=y>'),
    ).toEqual(['https://other.example/x/y']);
  });

  test.each([
    '<link rel="alternate" hreflang="de" href="/de">',
    '<link rel="alternate" type="application/json+oembed" href="/oembed">',
    '<link rel="alternate" type="application/json" href="/wp-json/wp/v2/pages/2">',
    '<link rel="alternate" type="application/activity+json" href="/users/x">',
    '<link rel="stylesheet" type="text/css" href="/feed.css">',
    '<link rel="alternate" type="application/rss+xml" href="javascript:alert(1)">',
    '<link rel="alternate" type="application/rss+xml">',
    '<!-- <link rel="alternate" type="application/rss+xml" href="/feed"> -->',
    '<script>"<link rel=alternate type=application/rss+xml href=/feed>"</script>',
  ])('%s is no feed', (html) => {
    expect(stated(html)).toStrictEqual([]);
  });

  test('its own address', () => {
    expect(feedLinksOf('<link rel="canonical" href="/@x">', PAGE).canonical?.href).toBe('https://blog.example/@x');
  });

  test('a Link header, beside what is no feed', () => {
    const header = '</style.css>; rel=preload, </feed>; rel="alternate"; type="application/atom+xml"; title="All"';
    expect(headerFeedsOf(header, PAGE)).toStrictEqual([candidate('/feed', 'All', 'atom')]);
  });

  test('any text is read without an error, in bounded numbers', () => {
    const pieces = fc.constantFrom(
      '<link rel=alternate type=application/rss+xml href=',
      '"/feed"',
      '<a href=',
      '>',
      '</a>',
      '<',
      "'",
      '<base href=',
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(pieces, fc.string())), (parts) => {
        const found = feedLinksOf(parts.join(' '), PAGE);
        expect(found.stated.length).toBeLessThanOrEqual(50);
      }),
    );
    expect(stated('<link rel=alternate type=application/rss+xml href=/f>'.repeat(5_000))).toHaveLength(50);
  });
});

describe('what a page links to', () => {
  test.each([
    ['<a href="/feed">x</a>', 'https://blog.example/feed'],
    ['<a href="/news/rss/">x</a>', 'https://blog.example/news/rss/'],
    ['<a href="/news.rss">x</a>', 'https://blog.example/news.rss'],
    ['<a href="/index.xml">x</a>', 'https://blog.example/index.xml'],
    ['<a href="/advisories-atom.xml">x</a>', 'https://blog.example/advisories-atom.xml'],
    ['<a href="/?feed=rss2">x</a>', 'https://blog.example/?feed=rss2'],
    ['<a href="/subscribe"><svg></svg> RSS</a>', 'https://blog.example/subscribe'],
    ['<a href="https://feeds.example.net/blog">RSS</a>', 'https://feeds.example.net/blog'],
    ['<a href="https://www.blog.example/atom.xml">x</a>', 'https://www.blog.example/atom.xml'],
    ['<a href="feed:https://blog.example/feed">x</a>', 'https://blog.example/feed'],
  ])('%s looks like a feed', (html, href) => {
    expect(anchors(html)).toStrictEqual([href]);
  });

  test.each([
    '<a href="https://reader.example/add?url=https://blog.example/feed">x</a>',
    '<a href="https://elsewhere.example/feed">their feed</a>',
    '<a href="/sitemap.xml">x</a>',
    '<a href="/feedback">x</a>',
    '<a href="/what-is-rss">what is RSS?</a>',
    '<a href="#">RSS</a>',
  ])('%s does not', (html) => {
    expect(anchors(html)).toStrictEqual([]);
  });
});

describe('what is left to choose from', () => {
  const fold = (candidates: readonly FeedCandidate[]): string[] =>
    foldCandidates(candidates).map(({ url }) => url.pathname);

  test('comments are no feed beside posts, in any language, and one feed alone', () => {
    const posts = candidate('/feed/', 'Blog » Feed', 'rss');
    expect(fold([posts, candidate('/comments/feed/', 'Blog » Comments Feed', 'rss')])).toEqual(['/feed/']);
    expect(fold([posts, candidate('/x', 'Blog » Feed der Kommentare', 'rss')])).toEqual(['/feed/']);
    expect(fold([candidate('/a/feed/', 'Comments on: A', 'rss')])).toEqual(['/a/feed/']);
    expect(fold([candidate('/a', 'Kommentare', 'rss'), posts])).toHaveLength(2);
    expect(fold([candidate('/a', 'Government news and commentary', 'rss'), posts])).toHaveLength(2);
  });

  test('formats of one feed are one, Atom first', () => {
    expect(fold([candidate('/rss.xml', null, 'rss'), candidate('/atom.xml', null, 'atom')])).toEqual(['/atom.xml']);
    expect(fold([candidate('/feeds/x', 'Noc - RSS', 'rss'), candidate('/feeds/y', 'Noc - Atom', 'atom')])).toEqual([
      '/feeds/y',
    ]);
    expect(fold([candidate('/feed.json', 'Noc', 'json'), candidate('/feed.xml', 'Noc', 'rss')])).toEqual(['/feed.xml']);
  });

  test('feeds of different sections stay apart, whatever they are called', () => {
    expect(fold([candidate('/news/rss', 'RSS', 'rss'), candidate('/jobs/rss', 'RSS', 'rss')])).toHaveLength(2);
    expect(
      fold([
        candidate('/news/rss', 'Noc', 'rss'),
        candidate('/jobs/rss', 'Noc', 'rss'),
        candidate('/jobs/atom', 'Noc', 'atom'),
        candidate('/news/atom', 'Noc', 'atom'),
      ]),
    ).toEqual(['/news/atom', '/jobs/atom']);
  });

  test('an address given twice is one', () => {
    expect(fold([candidate('/feed', null, 'rss'), candidate('http://blog.example/feed/', 'Other', 'rss')])).toEqual([
      '/feed',
    ]);
  });
});
