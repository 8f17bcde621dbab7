import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { canonicalUrl, withoutTracking } from '../../../src/posts/canonical-url.js';

test.each([
  'http://Example.COM/a/b',
  'https://example.com:443/a/b',
  'http://example.com:80/a/b/',
  'https://example.com.//a///b',
  'https://example.com/a/b#top',
  'https://example.com/a/b?',
  'https://example.com/a/b?utm_source=x&UTM_Medium=y&fbclid=1&mtm_c=2&__readwiseLocation=3&utm%5Fid=4',
])('%s is https://example.com/a/b', (url) => {
  expect(canonicalUrl(new URL(url))).toBe('https://example.com/a/b');
});

test('what tells articles apart stays: path case, query in its order, other ports, a fragment when asked for', () => {
  expect(canonicalUrl(new URL('https://a.example/A?b=2&utm_x=1&a=%20&ref=me&flag'))).toBe(
    'https://a.example/A?b=2&a=%20&ref=me&flag',
  );
  expect(canonicalUrl(new URL('https://a.example:8080/'))).toBe('https://a.example:8080');
  expect(canonicalUrl(new URL('https://a.example/#1'), 'keep')).toBe('https://a.example#1');
});

test('is a function of what it gives: applied twice it changes nothing', () => {
  const urls = fc.oneof(
    fc.webUrl({ withQueryParameters: true, withFragments: true }),
    fc
      .tuple(fc.webPath(), fc.webQueryParameters())
      .map(([path, query]) => `http://a.example//${path}/?&utm_a=b&${query}`),
  );
  fc.assert(
    fc.property(urls, fc.constantFrom('drop' as const, 'keep' as const), (href, fragment) => {
      const once = canonicalUrl(new URL(href), fragment);
      expect(canonicalUrl(new URL(once), fragment)).toBe(once);
    }),
  );
});

test('an address to open keeps all but its tracking', () => {
  const clean = (href: string) => withoutTracking(new URL(href)).href;
  expect(clean('http://a.example:8080/p/?utm_source=x&id=1&fbclid=2#top')).toBe('http://a.example:8080/p/?id=1#top');
  expect(clean('http://a.example/p/?b=2&a=1&')).toBe('http://a.example/p/?b=2&a=1');
});
