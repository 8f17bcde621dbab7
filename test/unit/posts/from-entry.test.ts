import { describe, expect, test } from '@jest/globals';
import { entryFrom } from '../../../src/posts/from-entry.js';
import type { RawEntry } from '../../../src/posts/raw-entry.js';

const EMPTY: RawEntry = {
  guid: null,
  links: [],
  title: null,
  author: null,
  summary: null,
  content: null,
  publishedAt: null,
  updatedAt: null,
  tags: [],
  images: [],
  enclosures: [],
  base: new URL('https://a.example/blog/'),
};
const html = (value: string) => ({ value, form: 'html' as const });
const titled = (value: string, form: 'text' | 'html' | 'unsure') =>
  entryFrom({ ...EMPTY, title: { value, form } }).title;

test('an entry that says nothing is empty, not wrong', () => {
  expect(entryFrom(EMPTY)).toEqual({
    guid: null,
    link: null,
    title: '',
    author: null,
    text: '',
    publishedAt: null,
    updatedAt: null,
    imageUrl: null,
    tags: [],
  });
});

describe('titles', () => {
  test('are one plain line, with entities decoded once', () => {
    expect(titled('A &amp;amp; <b>B</b>\n C', 'html')).toBe('A &amp; B C');
    expect(titled('A &amp; <i>B</i>', 'unsure')).toBe('A & B');
    expect(titled('Why <div> beats <table>', 'unsure')).toBe('Why <div> beats <table>');
    expect(titled('1 < 2 & <b>', 'text')).toBe('1 < 2 & <b>');
  });
});

describe('links', () => {
  test('are absolute and of the web', () => {
    const linkOf = (...links: string[]) => entryFrom({ ...EMPTY, links }).link?.href;
    expect(linkOf('../x?a=1')).toBe('https://a.example/x?a=1');
    expect(linkOf('javascript:alert(1)')).toBeUndefined();
    expect(linkOf('mailto:a@b.example', 'https://b.example/')).toBe('https://b.example/');
    expect(linkOf('http://')).toBeUndefined();
  });
});

test('the fuller of content and summary is the text', () => {
  expect(entryFrom({ ...EMPTY, content: html('<p>Long text.</p>'), summary: html('Long') }).text).toBe('Long text.');
  expect(entryFrom({ ...EMPTY, content: html('<img src=x>'), summary: html('Said here.') }).text).toBe('Said here.');
});

test('an author is a name where there is one', () => {
  const authorOf = (value: string) => entryFrom({ ...EMPTY, author: { value, form: 'text' } }).author;
  expect(authorOf('ada@a.example (Ada L.)')).toBe('Ada L.');
  expect(authorOf('Ada L. <ada@a.example>')).toBe('Ada L.');
  expect(authorOf('Ada L.')).toBe('Ada L.');
});

describe('the picture', () => {
  const image = (url: string, width: string | null = null) => ({ url, type: null, width, height: null });
  const pictureOf = (entry: Partial<RawEntry>) => entryFrom({ ...EMPTY, ...entry }).imageUrl?.href ?? null;

  test('is the one that the feed names, else the first of the text', () => {
    expect(pictureOf({ images: [image('/a.jpg', '640')], content: html('<img src="/b.jpg">') })).toBe(
      'https://a.example/a.jpg',
    );
    expect(pictureOf({ content: html('<p>x<img src="b.jpg" width=640><img src="c.jpg">') })).toBe(
      'https://a.example/blog/b.jpg',
    );
  });

  test.each([
    '<img src="https://t.example/a.gif" width="1" height="1">',
    '<img src="https://t.example/a.gif" style="width:1px;height:1px">',
    '<img src="https://pixel.wp.com/b.gif?x=1">',
    '<img src="https://t.example/1x1.png">',
    '<img src="data:image/gif;base64,R0lGOD">',
    '<img src="https://t.example/smile.png" height="16">',
    '<img>',
  ])('is never %s', (tag) => {
    expect(pictureOf({ content: html(`${tag}<img src="/real.jpg">`) })).toBe('https://a.example/real.jpg');
    expect(pictureOf({ content: html(tag) })).toBeNull();
  });
});
