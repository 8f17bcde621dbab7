import { expect, test } from '@jest/globals';
import { readOpml, writeOpml } from '../../../src/feeds/opml.js';

const LIST = `<?xml version="1.0"?><opml version="2.0"><head><title>Mine</title></head><body>
  <outline text="Networks"><outline text="Deeper">
    <outline type="rss" text="A &amp; B" xmlUrl="https://a.example/feed?x=1&amp;y=2"/>
  </outline></outline>
  <outline type="rss" text="Again" xmlUrl="http://a.example/feed/?x=1&amp;y=2"/>
  <outline TYPE="RSS" title="C" XMLURL="http://c.example/rss"/>
  <outline text="Script" type="rss" xmlUrl="javascript:alert(1)"/>
  <outline text="Nothing"/>
</body></opml>`;

test('folders are opened, duplicates merged, and bad lines reported', () => {
  expect(readOpml(LIST)).toEqual({
    feeds: [
      { url: new URL('https://a.example/feed?x=1&y=2'), title: 'A & B' },
      { url: new URL('http://c.example/rss'), title: 'C' },
    ],
    skipped: [
      { label: 'Script', reason: '"javascript:alert(1)" is no http or https address' },
      { label: 'Nothing', reason: 'has no feed address' },
    ],
  });
});

test.each(['', 'not xml', '{"a":1}', '<rss version="2.0"><channel/></rss>'])('%j is no OPML', (text) => {
  expect(readOpml(text)).toBeNull();
});

test('what is written is read again', () => {
  const feeds = [
    { url: new URL('https://a.example/?q="<&>\''), title: 'Q & "A" <b>' },
    { url: new URL('https://b.example/'), title: null },
  ];
  expect(readOpml(writeOpml('Feeds', feeds))?.feeds).toEqual([feeds[0], { ...feeds[1], title: 'https://b.example/' }]);
});
