import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { emptyDraft } from '../../../../src/feeds/reading/feed-draft.js';
import { write } from '../../../../src/feeds/reading/feed-writer.js';
import { mendTags } from '../../../../src/feeds/reading/mend-tags.js';
import { setApart } from '../../../../src/feeds/reading/set-apart.js';
import { writeFeed, type WrittenFeed } from '../../../../src/feeds/reading/write-feed.js';

const rss = (inside: string): string => `<rss version="2.0"><channel><title>F</title>${inside}</channel></rss>`;
const item = (inside: string): string => `<item><title>A</title>${inside}</item>`;

function feedOf(text: string): WrittenFeed | null {
  const written = writeFeed(text);
  return written === 'too-long' ? null : written;
}

interface Written {
  readonly frame: string | undefined;
  readonly entries: readonly (string | null)[] | undefined;
}

/** The last entry is written first: none may need another to be read before it. */
function writtenApart(text: string): Written {
  const feed = feedOf(mendTags(text));
  const lastFirst = feed?.entries.toReversed().map(({ written }) => written());
  return { frame: feed?.frame, entries: lastFirst?.toReversed() };
}

/** All of the document read from its start to its end. */
function writtenWhole(text: string): Written {
  const draft = emptyDraft(mendTags(text));
  write(draft);
  return { frame: draft.frame.join(''), entries: draft.entries.map((entry) => entry.text) };
}

const BROKEN = {
  'a plain feed': rss(
    item('<link>https://a.example/</link>') + item('<description>&lt;p&gt;b&lt;/p&gt;</description>'),
  ),
  'an entry that holds what looks like an end': rss(
    item('<description><![CDATA[</item><item>]]></description>') + item(''),
  ),
  'a section that never ends': rss(`${item('')}<item><description><![CDATA[ <item>x</item>`),
  'markup that swallows the end of its entry': rss(item('<description><p>open') + item('') + item('<p>')),
  'an entry in an entry': rss(item(item('')) + item('')),
  'an element of another vocabulary called item': rss(item('<shop:item>x</shop:item><guid>g</guid>') + item('')),
  'entries without an end': rss('<item><title>A</title><item><title>B</title></item><item><title>C</title>'),
  'an end without an entry': rss(`</item>${item('')}`),
  'entries of both dialects': rss(`${item('')}<entry><title>E</title></entry>`),
  'a prefix that one entry declares for the next': rss(
    '<item xmlns:x="http://purl.org/dc/elements/1.1/"><x:date>2026-01-01</x:date></item><item><x:date>2026-01-02</x:date></item>',
  ),
  'a channel that ends within an entry': rss(
    '<item><title>A</channel></rss></title></item><item><title>B</title></item>',
  ),
  'another feed behind the first': rss(item('')) + rss(item('<guid>2</guid>')),
  'attributes that hold the end of a tag': rss('<item a=">" b=\'"\'><title>A</title></item><item c="/>"/>' + item('')),
  'an Atom feed under a prefix':
    '<a:feed xmlns:a="http://www.w3.org/2005/Atom"><a:entry><a:id>1</a:id></a:entry></a:feed>',
  'RDF, whose entries stand beside the channel':
    '<rdf:RDF xmlns:d="http://purl.org/dc/elements/1.1/"><channel><items/></channel><item rdf:about="1"><d:date>x</d:date></item></rdf:RDF>',
};

describe('entries that are set apart from their document', () => {
  test.each(Object.entries(BROKEN))('are what they are within it: %s', (_, text) => {
    expect(writtenApart(text)).toEqual(writtenWhole(text));
  });

  test('are what they are within it, whatever pieces a document without stray ends is made of', () => {
    const pieces = ['<item>', '</item>', '<entry>', '<title>', '<title>t</title>', '<description>', '<p>', 'text'];
    const odd = [
      '<![CDATA[',
      ']]>',
      '</channel>',
      '<x:item>',
      '</x:item>',
      '<item a="',
      '">',
      '<item/>',
      '&lt;',
      '<br>',
    ];
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...pieces, ...pieces, ...odd), { maxLength: 40 }), (parts) => {
        const text = `<rss><channel><title>F</title>${parts.join('')}`;
        expect(writtenApart(text)).toEqual(writtenWhole(text));
      }),
      { numRuns: 3_000 },
    );
  });

  test('do not end with what was left open before them', () => {
    const text = rss('<description>open<item></description><title>A</title></item>');
    expect(writtenApart(text).entries).toEqual([item('')]);
    expect(writtenWhole(text).entries).toEqual(['<item></item>']);
  });

  test('are all entries of a usual feed', () => {
    const entries = [item('<link>https://a.example/1</link>'), item('<description><![CDATA[<item>]]></description>')];
    const rdf = `<rdf:RDF><channel><title>F</title></channel>${entries.join('')}</rdf:RDF>`;
    for (const text of [rss(entries.join('\n')), rdf]) {
      expect([...setApart(text).entries.values()]).toEqual(entries);
      expect(feedOf(text)?.entries.map(({ source }) => source)).toEqual(entries);
    }
  });

  test('leave an empty element in their place', () => {
    const { rest, entries } = setApart(rss(item('')));
    expect(rest).toBe(rss('<item></item>'));
    expect([...entries]).toEqual([[rest.indexOf('<item>'), item('')]]);
  });
});
