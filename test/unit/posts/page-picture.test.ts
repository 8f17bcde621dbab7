import { expect, test } from '@jest/globals';
import { pageHeadOf } from '../../../src/posts/page-picture.js';

const PAGE = new URL('https://a.example/posts/1');
const pictureOf = (head: string) =>
  pageHeadOf(`<html><head>${head}</head><body></body></html>`, PAGE).picture?.href ?? null;

test('the picture of a page is the one it asks to be shown by, best name first, absolute', () => {
  const link = '<link rel="image_src" href="/old.jpg">';
  const card = '<meta name="twitter:image" content="card.jpg">';
  expect(pictureOf(link)).toBe('https://a.example/old.jpg');
  expect(pictureOf(link + card)).toBe('https://a.example/posts/card.jpg');
  expect(pictureOf(`${link}${card}<meta property="og:image" content="https://b.example/x.jpg?a=1&amp;b=2">`)).toBe(
    'https://b.example/x.jpg?a=1&b=2',
  );
  expect(pictureOf('<base href="https://c.example/"><meta property="og:image:secure_url" content="s.png">')).toBe(
    'https://c.example/s.png',
  );
});

test('it is no counter, no data and nothing from the body', () => {
  const named = (address: string) => `<meta property="og:image" content="${address}">`;
  expect(pictureOf(named('https://pixel.wp.com/g.gif'))).toBeNull();
  expect(pictureOf(named('data:image/png;base64,AA'))).toBeNull();
  expect(pictureOf(named('https://a.example/spacer.gif') + named('/real.jpg'))).toBe('https://a.example/real.jpg');
  expect(pageHeadOf(`<head></head><body>${named('/x.jpg')}`, PAGE).picture).toBeNull();
  expect(pageHeadOf('<'.repeat(2_000_000), PAGE).picture).toBeNull();
});

test('a page says by which address it wants to be known, unless that is the front page or no web address', () => {
  const canonicalOf = (head: string) => pageHeadOf(`<head>${head}</head>`, PAGE).canonical?.href ?? null;
  const link = (href: string) => `<link rel="Canonical nofollow" href="${href}">`;
  expect(canonicalOf(link('/the/article'))).toBe(new URL('/the/article', PAGE).href);
  expect(canonicalOf(link('https://other.example/article'))).toBe('https://other.example/article');
  for (const bad of ['/', 'javascript:alert(1)', `/${'x'.repeat(3_000)}`, ''])
    expect(canonicalOf(link(bad))).toBeNull();
  expect(canonicalOf('<link rel="alternate" href="/feed">')).toBeNull();
});
