import { describe, expect, test } from '@jest/globals';
import type { Entry } from '../../../../src/posts/post.js';
import { parseFeed } from '../../../../src/feeds/reading/parse-feed.js';

async function entriesOf(text: string): Promise<Entry[]> {
  const bytes = new TextEncoder().encode(text);
  const outcome = await parseFeed(
    { bytes, contentType: null, baseUrl: new URL('https://feeds.example/blog/feed.xml') },
    new Set(),
  );
  if (outcome.kind !== 'parsed') throw new Error(`not a feed: ${outcome.looksLike}`);
  return outcome.document.entries.map(({ entry }) => entry).filter((entry) => entry !== null);
}

const rss = (items: string) => `<rss version="2.0"><channel><title>Feed</title>${items}</channel></rss>`;

const TITLE = '<title>A &amp; B</title>';
const LINK = '<link>https://a.example/1</link>';
const GUID = '<guid isPermaLink="false">id-1</guid>';
const DATE = '<pubDate>Tue, 03 Feb 2026 04:05:06 GMT</pubDate>';
const TAG = '<category>BGP</category>';
const BODY = '<description><![CDATA[<p>One <b>two</b><br>three</p>]]></description>';
const AFTER = '<item><title>Next</title><link>https://a.example/2</link></item>';
const ITEM = TITLE + LINK + GUID + BODY + DATE + TAG;

const drop = (wanted: string) => (text: string) => text.replace(wanted, '');
const swap = (from: string, to: string) => (text: string) => text.replace(from, to);

describe('an entry with one mistake is read as the entry without it', () => {
  test.each([
    ['a title that is never closed', drop('</title>')],
    ['a link that is never closed', drop('</link>')],
    ['a guid that is never closed', drop('</guid>')],
    ['a description that is never closed', drop('</description>')],
    ['a date that is never closed', drop('</pubDate>')],
    ['a tag that is never closed', drop('</category>')],
    ['an entry that is never closed', drop('</item>')],
    ['a title closed by another name', swap('</title>', '</link>')],
    ['a link closed by a misspelt name', swap('</link>', '</lnik>')],
    ['a space before the name of an end', swap('</title>', '</ title>')],
    ['a space before the name', swap('<title>', '< title>')],
    ['a space behind the name of an end', swap('</title>', '</title >')],
    ['an end that lacks its bracket', swap('</title>', '</title')],
    ['a start that lacks its bracket', swap('<guid isPermaLink="false">', '<guid isPermaLink="false"<![CDATA[')],
    ['a quote that is never closed', swap('"false"', '"false')],
    ['no quotes', swap('"false"', 'false')],
    ['quotes of a word processor', swap('"false"', '“false”')],
    ['an attribute twice', swap('"false"', '"false" isPermaLink="false"')],
    ['a section that is never closed', drop(']]>')],
    ['a section that is half closed', swap(']]>', ']>')],
    ['a section that is closed twice', swap(']]>', ']]>]]>')],
    [
      'a section in a section',
      (text: string) => text.replace('<![CDATA[', '<![CDATA[<![CDATA[').replace(']]>', ']]>]]>'),
    ],
    ['a section in lower case', swap('<![CDATA[', '<![cdata[')],
    ['a section begun with a space', swap('<![CDATA[', '<! [CDATA [')],
    ['no section at all', (text: string) => text.replace('<![CDATA[', '').replace(']]>', '')],
    [
      'a warning in the middle',
      swap('<link>', '<br />\n<b>Notice</b>: Undefined index in <b>/x.php</b><br />\n<link>'),
    ],
    ['decoration around an element', (text: string) => text.replace(TITLE, `<b>${TITLE}</b>`)],
    ['a comment with dashes', swap('<link>', '<!-- a -- <item> -> b --><link>')],
    ['characters that XML forbids', swap('</title>', '&#x0;&#xD83D;\u0008</title>')],
    ['upper case', (text: string) => text.replace(/<\/?(?:item|title|link|guid)\b/g, (tag) => tag.toUpperCase())],
    ['old Mac line ends', (text: string) => text.replaceAll('><', '>\r<')],
  ])('%s', async (_what, damage) => {
    const feed = rss(`<item>${ITEM}</item>${AFTER}`);
    const clean = await entriesOf(feed);
    expect(clean[0]).toMatchObject({ title: 'A & B', guid: 'id-1', text: 'One two\nthree', tags: ['BGP'] });
    expect(damage(feed)).not.toBe(feed);
    expect(await entriesOf(damage(feed))).toEqual(clean);
  });
});

describe('a document with one mistake', () => {
  const feed = rss(`<item>${ITEM}</item>${AFTER}`);

  test.each([
    ['a root within a root', feed.replace('<channel>', '<rss version="2.0"><channel>')],
    ['the root closed too early', feed.replace('</item>', '</item></channel></rss>')],
    ['a second document behind it', feed + feed],
    ['a web page behind it', `${feed}<html><body><item><title>No</title></item></body></html>`],
    ['no root', feed.replace('<rss version="2.0">', '')],
    ['no channel', feed.replace('<channel>', '')],
    ['a comment that speaks of feeds before it', `<!-- this <rss> feed & <channel> -->${feed}`],
    ['an instruction that writes a root', `<?php echo "<rss>"; ?>${feed}`],
    ['two declarations', `<?xml version="1.0"?>\n<?xml version="1.0"?>${feed}`],
    ['a declaration that lacks its question mark', `<?xml version="1.0">${feed}`],
    ['entries by the name of another dialect', feed.replaceAll('item>', 'entry>')],
    ['entries in a list', feed.replace('<item>', '<items><item>').replace('</channel>', '</items></channel>')],
    ['an image that is never closed', feed.replace('<item>', '<image><url>/i.png</url><item>')],
  ])('is read all the same: %s', async (_what, damaged) => {
    expect(await entriesOf(damaged)).toEqual(await entriesOf(feed));
  });

  test('short entities of its own are put in place', async () => {
    const doctype = '<!DOCTYPE rss [<!ENTITY nbsp "&#160;"><!ENTITY co \'Example\'>]>';
    const [entry] = await entriesOf(doctype + rss('<item><title>&co;&nbsp;Ltd</title></item>'));
    expect(entry?.title).toBe('Example Ltd');
  });

  test('entities that grow a small document into a huge one stop growing', async () => {
    const doctype = `<!DOCTYPE rss [<!ENTITY a "${'x'.repeat(100)}">]>`;
    const [entry] = await entriesOf(doctype + rss(`<item><description>${'&a;'.repeat(100_000)}</description></item>`));
    expect(entry?.text.length).toBeLessThan(1_000_000);
  });

  test('numbers of windows-1252 and halves of pairs mean the characters they stand for', async () => {
    const [entry] = await entriesOf(rss('<item><title>don&#146;t &#55357;&#56832;</title></item>'));
    expect(entry?.title).toBe('don’t 😀');
  });

  test('a "<" of a text stays a "<"', async () => {
    const [entry] = await entriesOf(
      rss('<item><title>if a <value and 5 <6, x</title><link>https://a.example/1</link></item>'),
    );
    expect(entry).toMatchObject({ title: 'if a <value and 5 <6, x', link: new URL('https://a.example/1') });
  });
});
