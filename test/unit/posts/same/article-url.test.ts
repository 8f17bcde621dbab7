import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { articleUrl } from '../../../../src/posts/same/article-url.js';

test.each([
  'http://www.blog.example.com/2026/routes/',
  'https://m.blog.example.com/2026/routes',
  'https://mobile.blog.example.com/2026/routes',
  'https://amp.blog.example.com/2026/routes',
  'https://blog.example.com/2026/routes/amp/',
  'https://blog.example.com/2026/routes?amp=1',
  'https://blog.example.com/2026/routes?amp&utm_source=x',
  'https://blog.example.com/2026/routes?outputType=amp',
  'https://blog.example.com/2026/routes/index.html',
  'https://blog.example.com/2026/routes/index.php',
  'https://blog.example.com/2026/%72outes',
  'https://blog.example.com/2026/routes?source=rss',
  'https://blog.example.com/2026/routes?source=rss----1f2e---4',
  'https://blog.example.com/2026/routes?ref=blog.example.com',
  'https://blog.example.com/2026/routes?ref=planet.example.org',
  'https://www.google.com/amp/s/blog.example.com/2026/routes/amp/',
  'https://blog-example-com.cdn.ampproject.org/c/s/blog.example.com/2026/routes',
  'https://blog-example-com.cdn.ampproject.org/v/s/www.blog.example.com/2026/routes/amp?amp_js_v=1&amp',
  'https://www.google.com/url?rct=j&sa=t&url=https://blog.example.com/2026/routes&ct=ga',
  'https://l.facebook.com/l.php?u=https%3A%2F%2Fblog.example.com%2F2026%2Froutes%3Ffbclid%3Dx',
])('%s leads to the article', (href) => {
  expect(articleUrl(new URL(href))).toBe('https://blog.example.com/2026/routes');
});

test.each([
  ['a host that is nothing but a device', 'https://amp.dev/docs', 'https://amp.dev/docs'],
  ['a host that begins like one', 'https://media.example.com/a', 'https://media.example.com/a'],
  ['a domain of two letters', 'https://m.example/a', 'https://m.example/a'],
  ['an address of numbers', 'http://127.0.0.1:8080/a', 'https://127.0.0.1:8080/a'],
  ['an article about AMP', 'https://a.example/what-is-amp', 'https://a.example/what-is-amp'],
  ['a folder at the root', 'https://a.example/amp', 'https://a.example/amp'],
  ['a branch', 'https://a.example/f?ref=release-1.2', 'https://a.example/f?ref=release-1.2'],
  ['the case of a path', 'https://a.example/Routes', 'https://a.example/Routes'],
  ['a search', 'https://www.google.com/search?q=https://a.example', 'https://google.com/search?q=https://a.example'],
])('what may be meant stays: %s', (_, href, expected) => {
  expect(articleUrl(new URL(href))).toBe(expected);
});

test('escapes of what must be escaped stay, in upper case', () => {
  expect(articleUrl(new URL('https://a.example/%c3%a9t%C3%A9%2f'))).toBe('https://a.example/%C3%A9t%C3%A9%2F');
});

test('an address that was cleaned is clean', () => {
  const path = fc.stringMatching(/^(?:\/(?:amp|index\.html|%2[f7e]|a|www|m\.amp|b\.amp\.html|\.amp){0,2}){0,6}$/);
  const host = fc.stringMatching(/^(?:www\.|m\.|amp\.){0,3}(?:blog\.)?example\.(?:com|co\.uk)$/);
  const query = fc.stringMatching(/^(?:[&?](?:amp|amp=1|ref=example\.com|a=b|source=rss|amp&amp)){0,4}$/);
  fc.assert(
    fc.property(host, path, query, (a, b, c) => {
      const once = articleUrl(new URL(`http://${a}${b}?${c}`));
      expect(articleUrl(new URL(once))).toBe(once);
    }),
    { examples: [['example.co.uk', '/.amp/%2e.amp', '']] },
  );
});
