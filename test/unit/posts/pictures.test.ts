import { expect, test } from '@jest/globals';
import { walkHtml } from '../../../src/posts/text/html-to-text.js';
import { pictureOf } from '../../../src/posts/pictures.js';

const BASE = new URL('https://a.example/blog/');
const within = (html: string) => pictureOf([], walkHtml(html).images, BASE)?.href ?? null;

test.each([
  'https://feeds.feedburner.com/~r/notes/~4/abc',
  'https://medium.com/_/stat?event=post.clientViewed',
  'https://stats.wordpress.com/b.gif?blog=1',
  'https://googleads.g.doubleclick.net/ad.gif',
  'https://b.example/c/1/f/2/s/3/mf.gif',
  'https://0.gravatar.com/avatar/abc?s=96',
  'https://s.w.org/images/core/emoji/15/72x72/1f600.png',
  'https://img.shields.io/badge/build-passing-green',
  'https://b.example/logo.svg',
  'https://b.example/icons/facebook.png',
  'https://b.example/images/share-icon-32.png',
  'https://b.example/x.gif?w=1&h=1',
])('%s is no picture', (address) => {
  expect(within(`<img src="${address}">`)).toBeNull();
  expect(pictureOf([{ url: address, type: 'image', width: null, height: null }], [], BASE)).toBeNull();
});

test.each([
  'https://b.example/2024/pixel-9-review.jpg',
  'https://b.example/the-open-road.jpg',
  'https://b.example/sharing-economy.png',
  'https://b.example/thumbs/1x1_card/photo.jpg',
])('%s is one', (address) => {
  expect(within(`<img src="${address}">`)).toBe(address);
});

test('a picture that is loaded late is found where it is named', () => {
  expect(within('<img src="data:image/gif;base64,R0" data-src="b.jpg">')).toBe('https://a.example/blog/b.jpg');
  expect(within('<img src="/placeholder.png" data-lazy-src="/b.jpg">')).toBe('https://a.example/b.jpg');
  expect(within('<img srcset="/s.jpg 320w, /m.jpg 1200w, /l.jpg 4000w">')).toBe('https://a.example/m.jpg');
  expect(within('<noscript><img src="/b.jpg"></noscript>')).toBe('https://a.example/b.jpg');
  expect(within('<script><img src="/b.jpg"></script><div hidden><img src="/c.jpg"></div>')).toBeNull();
});
