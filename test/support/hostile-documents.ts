import { brotliCompressSync, constants, deflateSync, gzipSync } from 'node:zlib';
import { drip, respond, type Answer } from './feed-server.js';
import { ENTRY_SHAPES } from './hostile-entries.js';
import type { HostileEnd, HostileShape } from './hostile-shape.js';

export interface HostileDocument {
  readonly name: string;
  readonly answer: () => Answer;
  /** The ends that are right. */
  readonly ends: readonly HostileEnd[];
}

const EITHER: readonly HostileEnd[] = ['read', 'not-a-feed'];
const READ: readonly HostileEnd[] = ['read'];

/** The unit as often as it fits. */
const filled = (bytes: number, unit: string): string => unit.repeat(Math.floor(bytes / Buffer.byteLength(unit)));

/** A numbered unit, as often as it fits. */
function counted(bytes: number, unit: (index: number) => string): string {
  const parts: string[] = [];
  for (let length = 0, index = 0; length < bytes; index += 1) {
    const part = unit(index);
    parts.push(part);
    length += part.length;
  }
  return parts.join('');
}

const ENTRY = '<item><guid>first</guid><title>First</title></item>';

const channel = (inside: string, before = '', attributes = ''): string =>
  `<?xml version="1.0"?>${before}<rss version="2.0"${attributes}><channel><title>Hostile</title>${ENTRY}${inside}</channel></rss>`;

const item = (inside: string): string => channel(`<item><guid>second</guid><title>Second</title>${inside}</item>`);

const html = (inside: string): string => item(`<description><![CDATA[${inside}]]></description>`);

const json = (entry: string, more = ''): string =>
  `{"version":"https://jsonfeed.org/version/1.1","title":"Hostile",${more}"items":[{"id":"first","title":"First"},{"id":"second",${entry}}]}`;

function shape(name: string, body: (bytes: number) => string | Uint8Array, ends = EITHER): HostileShape {
  return { name, contentType: 'application/rss+xml', body, ends };
}

function jsonShape(name: string, body: (bytes: number) => string, ends = EITHER): HostileShape {
  return { name, contentType: 'application/feed+json', body, ends };
}

/** One unit over and over, within a document, within an entry, and within the HTML of an entry. */
function repeats(name: string, unit: string): HostileShape[] {
  return [
    shape(`${name}, before the root`, (bytes) => `${filled(bytes, unit)}${channel('')}`),
    shape(`${name}, in the channel`, (bytes) => channel(filled(bytes, unit))),
    shape(`${name}, in a title`, (bytes) => channel(`<item><title>${filled(bytes, unit)}</title></item>`)),
    shape(`${name}, in HTML`, (bytes) => html(filled(bytes, unit))),
    shape(`${name}, in an HTML title`, (bytes) =>
      channel(`<item><title type="html"><![CDATA[${filled(bytes, unit)}]]></title></item>`),
    ),
  ];
}

const ENTITIES = Array.from(
  { length: 9 },
  (_, level) => `<!ENTITY l${String(level + 1)} "${`&l${String(level)};`.repeat(10)}">`,
).join('');

const ENTITY_SHAPES: readonly HostileShape[] = [
  shape(
    'a billion laughs',
    () => channel('<item><title>&l9;</title></item>', `<!DOCTYPE rss [<!ENTITY l0 "laugh">${ENTITIES}]>`),
    READ,
  ),
  shape(
    'quadratic entities',
    (bytes) =>
      channel(
        `<item><title>${filled(bytes / 2, '&a;')}</title></item>`,
        `<!DOCTYPE rss [<!ENTITY a "${filled(bytes / 2, 'a')}">]>`,
      ),
    READ,
  ),
  shape(
    'external entities',
    () =>
      channel(
        '<item><title>&file;&web;</title></item>',
        '<!DOCTYPE rss SYSTEM "http://127.0.0.1:1/x.dtd" [<!ENTITY file SYSTEM "file:///etc/passwd"><!ENTITY web SYSTEM "http://127.0.0.1:1/"><!ENTITY % p SYSTEM "file:///etc/passwd"> %p;]>',
      ),
    READ,
  ),
  shape('entity declarations without end', (bytes) =>
    channel('', `<!DOCTYPE rss [${counted(bytes, (index) => `<!ENTITY e${String(index)} "&e${String(index + 1)};">`)}`),
  ),
];

const STRUCTURE_SHAPES: readonly HostileShape[] = [
  shape('nested tags', (bytes) => channel(filled(bytes, '<a>'))),
  shape('nested tags that end', (bytes) => channel(`${filled(bytes / 2, '<a>')}${filled(bytes / 2, '</a>')}`)),
  shape('nested entries', (bytes) => channel(filled(bytes, '<item>'))),
  shape('nested roots', (bytes) => filled(bytes, '<rss><channel>')),
  shape(
    'nested XHTML',
    (bytes) =>
      `<feed xmlns="http://www.w3.org/2005/Atom"><entry><id>1</id><content type="xhtml">${filled(bytes, '<div>')}</content></entry></feed>`,
  ),
  shape('nested HTML', (bytes) => html(filled(bytes, '<div>'))),
  shape('nested lists in HTML', (bytes) => html(filled(bytes, '<ul><li>'))),
  shape('nested formats in HTML', (bytes) => html(filled(bytes, '<b><i><font>'))),
  shape('empty entries', (bytes) => channel(filled(bytes, '<item/>'))),
  shape('entries of a letter', (bytes) => channel(filled(bytes, '<item><title>a</title></item>')), READ),
  shape('entries of their own', (bytes) =>
    channel(counted(bytes, (n) => `<item><guid>${String(n)}</guid><title>Entry ${String(n)}</title></item>`)),
  ),
  shape('entries that share a guid', (bytes) =>
    channel(counted(bytes, (n) => `<item><guid>same</guid><link>http://a.example/${String(n)}</link></item>`)),
  ),
  shape('entries that share a link', (bytes) =>
    channel(counted(bytes, (n) => `<item><guid>${String(n)}</guid><link>http://a.example/same</link></item>`)),
  ),
  shape('a thousand entries of equal size', (bytes) =>
    channel(
      Array.from({ length: 999 }, (_, n) => {
        const text = filled(Math.max(0, bytes / 1_000 - 120), 'word ');
        return `<item><guid>${String(n)}</guid><title>Entry ${String(n)}</title><description>${String(n)} ${text}</description></item>`;
      }).join(''),
    ),
  ),
  shape('distinct tags', (bytes) => channel(counted(bytes, (n) => `<t${String(n)}/>`))),
  shape('distinct tags in an entry', (bytes) => item(counted(bytes, (n) => `<t${String(n)}/>`))),
  shape('distinct tags without end', (bytes) => channel(counted(bytes, (n) => `<t${String(n)}>`))),
  shape('distinct tags that end others', (bytes) => channel(counted(bytes, (n) => `<t${String(n)}></u>`))),
  shape('attributes', (bytes) => channel(`<item ${counted(bytes, (n) => `a${String(n)}="" `)}/>`)),
  shape('one attribute over and over', (bytes) => channel(`<item ${filled(bytes, 'a="" ')}/>`)),
  shape('attributes without value', (bytes) => channel(`<item ${counted(bytes, (n) => `a${String(n)} `)}/>`)),
  shape('a large attribute', (bytes) => item(`<enclosure url="${filled(bytes, 'a')}"/>`)),
  shape('an attribute without end', (bytes) => item(`<enclosure url="${filled(bytes, 'a ')}`)),
  shape('namespaces', (bytes) =>
    channel(
      '',
      '',
      counted(bytes, (n) => ` xmlns:n${String(n)}="u"`),
    ),
  ),
  shape('attributes in HTML', (bytes) => html(`<p ${counted(bytes, (n) => `a${String(n)}="" `)}>`)),
  shape('a large tag name', (bytes) => channel(`<${filled(bytes, 'a')}>`)),
  shape('bases within bases', (bytes) => channel(filled(bytes, '<item xml:base="a/">'))),
];

const FIELD_SHAPES: readonly HostileShape[] = [
  shape('a large title', (bytes) => channel(`<item><title>${filled(bytes, 'title ')}</title></item>`), READ),
  shape('a large title in one word', (bytes) => channel(`<item><title>${filled(bytes, 'a')}</title></item>`), READ),
  shape('a large guid', (bytes) => channel(`<item><guid>${filled(bytes, 'g')}</guid></item>`), READ),
  shape('a large link', (bytes) => channel(`<item><link>http://a.example/${filled(bytes, '/a')}</link></item>`), READ),
  shape('a link of parameters', (bytes) =>
    channel(`<item><link>http://a.example/?${filled(bytes, 'utm_a=1&amp;b=%5f&amp;')}</link></item>`),
  ),
  shape('a link that climbs', (bytes) => channel(`<item><link>http://a.example/${filled(bytes, '../')}</link></item>`)),
  shape('a link with a large host', (bytes) => channel(`<item><link>http://${filled(bytes, 'ä.')}</link></item>`)),
  shape('a link in Punycode', (bytes) => channel(`<item><link>http://xn--${filled(bytes, 'a')}</link></item>`)),
  shape('dangerous links', (bytes) =>
    channel(
      counted(
        bytes,
        (n) => `<item><guid>${String(n)}</guid><link>javascript:alert(1)</link><link>data:a,b</link></item>`,
      ),
    ),
  ),
  shape('links', (bytes) => item(filled(bytes, '<link>http://a.example/</link>')), READ),
  shape('tags', (bytes) => item(counted(bytes, (n) => `<category>${String(n)}</category>`)), READ),
  shape('tags in one', (bytes) => item(`<category>${filled(bytes, 'a, ')}</category>`), READ),
  shape('enclosures', (bytes) => item(filled(bytes, '<enclosure url="http://a.example/a" type="image/png"/>')), READ),
  shape(
    'pictures in HTML',
    (bytes) => html(counted(bytes, (n) => `<img src="/${String(n)}.png" srcset="a 1x, b 2x">`)),
    READ,
  ),
  shape('a large srcset', (bytes) => html(`<img srcset="${filled(bytes, 'a 1x, ')}">`), READ),
  shape('authors', (bytes) => item(filled(bytes, '<author>a@b.example (A)</author>')), READ),
  shape('titles', (bytes) => item(filled(bytes, '<title>a</title>')), READ),
  shape('dates', (bytes) => item(filled(bytes, '<pubDate>Mon, 99 Foo 99999 99:99:99 +9999</pubDate>')), READ),
  shape('a large date', (bytes) => item(`<pubDate>${filled(bytes, '9')}</pubDate>`), READ),
  shape('a date of spaces', (bytes) => item(`<pubDate>Mon,${filled(bytes, ' ')}x</pubDate>`), READ),
  shape('a date of words', (bytes) => item(`<pubDate>${filled(bytes, '1 Jan ')}</pubDate>`), READ),
  shape(
    'dates at the end of time',
    () =>
      channel(
        [
          '+275760-09-13T00:00:00Z',
          '+275760-09-14T00:00:00Z',
          '-271821-04-20T00:00:00Z',
          'Thu, 01 Jan 99999 00:00:00 GMT',
          '0000-00-00',
        ]
          .map((date) => `<item><guid>${date}</guid><pubDate>${date}</pubDate></item>`)
          .join(''),
      ),
    READ,
  ),
  shape('paragraphs', (bytes) => html(filled(bytes, '<p>a')), READ),
  shape('distinct paragraphs', (bytes) => html(counted(bytes, (n) => `<p>${String(n)} `)), READ),
  shape('teasers', (bytes) => html(filled(bytes, '<p>Continue reading')), READ),
  shape('a teaser without end', (bytes) => html(`... Continue reading ${filled(bytes, 'the post a ')}`), READ),
  shape('words that grow', (bytes) => channel(`<item><title>${filled(bytes, '\ufdfa')}</title></item>`), READ),
  shape('combining marks', (bytes) => channel(`<item><title>a${filled(bytes, '\u0301\u0327')}</title></item>`), READ),
  shape('joiners', (bytes) => html(filled(bytes, '\u200d')), READ),
];

const LATIN = (text: string): Uint8Array => Buffer.from(text, 'latin1');

const CHARACTER_SHAPES: readonly HostileShape[] = [
  shape('white space', (bytes) => filled(bytes, ' \n'), ['not-a-feed']),
  shape('white space before the root', (bytes) => `${filled(bytes, ' ')}${channel('')}`, READ),
  shape('NUL', (bytes) => channel(`<item><title>a${filled(bytes, '\0')}b</title></item>`), READ),
  shape('only NUL', (bytes) => filled(bytes, '\0'), ['not-a-feed']),
  shape(
    'direction controls',
    (bytes) => channel(`<item><title>${filled(bytes, '\u202e\u2066a')}</title></item>`),
    READ,
  ),
  shape('overlong UTF-8', (bytes) =>
    LATIN(channel(`<item><title>${'\xc0\xbc\xe0\x80\xbc'.repeat(bytes / 5)}</title></item>`)),
  ),
  shape('islands of Latin-1', (bytes) =>
    LATIN(
      `<?xml version="1.0" encoding="utf-8"?>${channel(`<item><title>${'\xc3\xa9\xff'.repeat(bytes / 3)}</title></item>`)}`,
    ),
  ),
  shape('UTF-7', (bytes) => `<?xml version="1.0" encoding="utf-7"?>${filled(bytes, '+ADw-rss+AD4-')}`),
  shape('UTF-16', (bytes) =>
    Buffer.from(`\ufeff${channel(`<item><title>${'a'.repeat(bytes / 2)}</title></item>`)}`, 'utf16le'),
  ),
  shape('lone surrogates', (bytes) =>
    Buffer.from(`\ufeff${channel(`<item><title>${'\ud800a'.repeat(bytes / 4)}</title></item>`)}`, 'utf16le'),
  ),
  shape('character references', (bytes) =>
    channel(`<item><title>${filled(bytes, '&#x110000;&#0;&#xd800;')}</title></item>`),
  ),
  shape('a reference without end', (bytes) => channel(`<item><title>&#${filled(bytes, '9')}</title></item>`)),
  shape('a declaration without end', (bytes) => `<?xml ${filled(bytes, ' encoding=')}`),
  shape('a comment without end', (bytes) => channel(`<!--${filled(bytes, '-a')}`)),
  shape('CDATA without end', (bytes) => channel(`<![CDATA[${filled(bytes, ']a')}`)),
  shape('an instruction without end', (bytes) => channel(`<?a ${filled(bytes, '?a')}`)),
  shape('a large instruction', (bytes) => channel(`<?a ${filled(bytes, 'a="b" ')}?>`), READ),
];

const JSON_SHAPES: readonly HostileShape[] = [
  jsonShape('JSON: keys', (bytes) => json(counted(bytes, (n) => `"k${String(n)}":1,`) + '"title":"a"'), READ),
  jsonShape('JSON: prototypes', (bytes) => json(`${filled(bytes, '"__proto__":{"title":"a"},')}"title":"b"`), READ),
  jsonShape('JSON: nested lists', (bytes) => json(`"title":${filled(bytes / 2, '[')}${filled(bytes / 2, ']')}`)),
  jsonShape('JSON: nested lists without end', (bytes) => json(`"title":${filled(bytes, '[')}`)),
  jsonShape('JSON: nested objects', (bytes) => json(`"title":${filled(bytes / 2, '{"a":')}1${filled(bytes / 6, '}')}`)),
  jsonShape('JSON: tags', (bytes) => json(`"tags":[${filled(bytes, '"a",')}"b"]`), READ),
  jsonShape('JSON: attachments', (bytes) => json(`"attachments":[${filled(bytes, '{"url":"a"},')}{}]`), READ),
  jsonShape('JSON: authors', (bytes) => json(`"authors":[${filled(bytes, '{"name":"a"},')}{}]`), READ),
  jsonShape('JSON: a large number', (bytes) => json(`"title":${filled(bytes, '9')}`), READ),
  jsonShape('JSON: wrong entries', (bytes) => json('"title":"a"', `"x":[${filled(bytes, 'null,')}0],`), READ),
  jsonShape('JSON: HTML', (bytes) => json(`"content_html":"${filled(bytes, 'a<h ')}"`), READ),
  jsonShape(
    'JSON: entries',
    (bytes) => `{"version":"https://jsonfeed.org/version/1.1","items":[${filled(bytes, '{"id":"a"},')}{"id":"b"}]}`,
    READ,
  ),
  jsonShape('JSON: escapes', (bytes) => json(`"title":"${filled(bytes, '\\u202e\\ud800\\u0000')}"`)),
];

const UNITS: Readonly<Record<string, string>> = {
  'open tags': 'a<h ',
  'open attributes': '<a href="',
  'open end tags': '</',
  'document types': '<!doctype ',
  'document types with subsets': '<!DOCTYPE a [',
  'open comments': '<!--',
  'open CDATA': '<![CDATA[',
  'open instructions': '<?a ',
  'less-thans': '<',
  'greater-thans': '>',
  brackets: '[',
  ampersands: '&',
  'open references': '&#',
  'references without semicolon': '&amp',
  'escaped tags': '&lt;p&gt;',
  'tags that are known': '<rss ',
  'space and line ends': ' \n',
  ellipses: '…',
  'open style': '<style>',
  'open table cells': '<td>',
};

/** All that can be made as large as one likes. */
export const HOSTILE_SHAPES: readonly HostileShape[] = [
  ...ENTITY_SHAPES,
  ...STRUCTURE_SHAPES,
  ...ENTRY_SHAPES,
  ...FIELD_SHAPES,
  ...CHARACTER_SHAPES,
  ...JSON_SHAPES,
  ...Object.entries(UNITS).flatMap(([name, unit]) => repeats(name, unit)),
];

export function documentOf({ name, contentType, body, ends }: HostileShape, bytes: number): HostileDocument {
  return { name, ends, answer: () => respond(200, { 'content-type': contentType }, body(bytes)) };
}

const RSS = 'application/rss+xml';
const BOMB_BYTES = 256 * 1024 * 1024;

function bomb(coding: string, squeeze: (bytes: Buffer) => Uint8Array, bytes = BOMB_BYTES): HostileDocument {
  return {
    name: `a bomb in ${coding}`,
    ends: ['too-large', 'connection'],
    answer: () => respond(200, { 'content-type': RSS, 'content-encoding': coding }, squeeze(Buffer.alloc(bytes, ' '))),
  };
}

/** Bodies that are hostile by how they come, not by what they say. */
export const HOSTILE_TRANSFERS: readonly HostileDocument[] = [
  bomb('gzip', (bytes) => gzipSync(bytes, { level: 1 })),
  bomb('deflate', (bytes) => deflateSync(bytes, { level: 1 })),
  bomb('br', (bytes) => brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 3 } })),
  bomb('gzip, gzip', (bytes) => gzipSync(gzipSync(bytes, { level: 1 }))),
  bomb('gzip, br, gzip, br', (bytes) => bytes, 1_000),
  {
    name: 'a body without end, as fast as it goes',
    ends: ['too-large'],
    answer: () => (response) => {
      response.writeHead(200, { 'content-type': RSS });
      const more = (): void => {
        while (!response.destroyed && response.write(Buffer.alloc(65_536, '<a>'))) continue;
      };
      response.on('drain', more);
      more();
    },
  },
  { name: 'a body without end, drop by drop', ends: ['timeout'], answer: () => drip(50, () => '<a>') },
  {
    name: 'an answer that never comes',
    ends: ['timeout'],
    answer: () => () => undefined,
  },
  {
    name: 'headers without end',
    ends: ['connection', 'timeout', 'not-a-feed'],
    answer: () => (response) => {
      response.socket?.write(`HTTP/1.1 200 OK\r\n${'x-a: b\r\n'.repeat(100_000)}`);
    },
  },
  {
    name: 'a body that breaks off',
    ends: ['connection', 'not-a-feed'],
    answer: () => (response) => {
      response.writeHead(200, { 'content-type': RSS, 'content-length': '1000' });
      response.write('<rss><channel>', () => response.destroy());
    },
  },
  {
    name: 'more than may be read',
    ends: ['too-large'],
    answer: () => respond(200, { 'content-type': RSS }, channel('a'.repeat(11 * 1024 * 1024))),
  },
];
