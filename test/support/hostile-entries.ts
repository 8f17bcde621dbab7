import type { HostileShape } from './hostile-shape.js';

/** More would not be read. */
const ENTRIES = 998;
/** So many may share a sign of identity before it says nothing. */
const SHARING = 25;

interface Fields {
  readonly guid?: string;
  readonly link?: string;
  readonly title: string;
  /** Repeated until the document is as large as it shall be. */
  readonly text: string;
}

/** Documents of many entries that resemble each other, so that each has to be compared with many. */
export const ENTRY_SHAPES: readonly HostileShape[] = [
  entries('entries of one guid and one link', (n) => ({
    ...{ guid: 'same', link: 'http://a.example/same', title: `Entry ${String(n)}`, text: `word${String(n)} ` },
  })),
  entries('entries that stand at two addresses', (n) => ({
    guid: String(n),
    link: `http://a.example/${String(n)}/the-same-page`,
    title: `One title of some length ${String(n % 40)}`,
    text: 'alpha beta gamma delta epsilon zeta eta theta iota kappa ',
  })),
  entries('entries that share a guid with a few', (n) => ({
    guid: String(Math.floor(n / SHARING)),
    link: `http://a.example/${String(n)}`,
    title: counted(60, (word) => `t${String(n)}x${String(word)} `),
    text: counted(500, (word) => `w${String(n)}x${String(word)} `),
  })),
  entries('entries that share a link with a few', (n) => ({
    guid: String(n),
    link: `http://a.example/${String(Math.floor(n / SHARING))}`,
    title: counted(60, (word) => `t${String(n)}x${String(word)} `),
    text: counted(500, (word) => `w${String(n)}x${String(word)} `),
  })),
  entries('entries in Chinese', (n) => ({
    guid: String(n),
    title: `標題 ${String(n)}`,
    text: '天地玄黃宇宙洪荒日月盈昃辰宿列張',
  })),
  entries('entries of letters for words', (n) => ({
    guid: String(n),
    title: `Entry ${String(n)}`,
    text: 'a b c d e ',
  })),
  entries('entries of words that grow', (n) => ({ guid: String(n), title: `Entry ${String(n)}`, text: '\ufdfa' })),
  entries('entries of addresses', (n) => ({
    guid: String(n),
    title: `Entry ${String(n)}`,
    text: `http://a.example/?utm_a=${String(n)}&amp;b=c `,
  })),
  entries('entries of counts and dates', (n) => ({
    guid: String(n),
    title: `Entry ${String(n)} (3 comments)`,
    text: '12 comments, 3 min read, updated 3 January 2020 10:11:12 utc, a few days ago, ',
  })),
  one('one long text in Chinese', '天地玄黃宇宙洪荒日月盈昃辰宿列張'),
  one('one long text of words that grow', '\ufdfa '),
  one('one long text of letters', 'a '),
  one('one long text of addresses', 'http://a.example/?utm_a=1&amp;b=c '),
  one('one long text of counts and dates', '12 comments, updated 3 January 2020 10:11:12 utc, a few days ago, '),
  one('one long text of digits', '1 '),
  one('one long text of marks', 'a\u0301\u0327\u0301 '),
];

function entries(name: string, fields: (n: number) => Fields): HostileShape {
  return {
    name,
    contentType: 'application/rss+xml',
    ends: ['read'],
    body: (bytes) => documentOf(bytes, ENTRIES, fields),
  };
}

function one(name: string, text: string): HostileShape {
  const fields = (): Fields => ({ guid: name, title: name, text });
  return { name, contentType: 'application/rss+xml', ends: ['read'], body: (bytes) => documentOf(bytes, 1, fields) };
}

function documentOf(bytes: number, most: number, fields: (n: number) => Fields): string {
  const room = bytes - 200;
  const count = Math.min(most, Math.floor(room / 300));
  const written = Array.from({ length: count }, (_, n) => itemOf(fields(n), room / count));
  return `<?xml version="1.0"?><rss version="2.0"><channel><title>Hostile</title>${written.join('')}</channel></rss>`;
}

function itemOf({ guid, link, title, text }: Fields, bytes: number): string {
  const named = [guid && `<guid isPermaLink="false">${guid}</guid>`, link && `<link>${link}</link>`]
    .filter(Boolean)
    .join('');
  const head = `<item>${named}<title>${title.slice(0, 500)}</title><pubDate>Mon, 05 Jan 2026 10:00:00 GMT</pubDate><description>`;
  const times = Math.max(1, Math.floor((bytes - head.length - 30) / Buffer.byteLength(text)));
  const room = Math.max(0, Math.floor(bytes - head.length - 30));
  return `${head}${times > 1 ? text.repeat(times) : text.slice(0, room)}</description></item>`;
}

function counted(times: number, unit: (n: number) => string): string {
  return Array.from({ length: times }, (_, n) => unit(n)).join('');
}
