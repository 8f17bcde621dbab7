import { expect, test } from '@jest/globals';
import { pagePictureOf } from '../../../src/posts/page-picture.js';

const PAGE = new URL('https://a.example/posts/1');
const pictureOf = (head: string) => pagePictureOf(`<html><head>${head}</head><body></body></html>`, PAGE)?.href ?? null;

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
  expect(pagePictureOf(`<head></head><body>${named('/x.jpg')}`, PAGE)).toBeNull();
  expect(pagePictureOf('<'.repeat(2_000_000), PAGE)).toBeNull();
});
