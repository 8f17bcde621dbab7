import { expect, test } from '@jest/globals';
import { httpUrl } from '../../../src/posts/http-url.js';

test('an address longer than any browser takes is none', () => {
  expect(httpUrl(`https://a.example/${'a'.repeat(4_000)}`)).not.toBeNull();
  expect(httpUrl(`https://a.example/${'a'.repeat(5_000)}`)).toBeNull();
});

test('only the web is linked to', () => {
  const base = new URL('https://a.example/feed');
  expect(httpUrl('/post', base)?.href).toBe('https://a.example/post');
  for (const link of ['javascript:alert(1)', 'data:text/html,a', 'file:///etc/passwd', 'http://', '']) {
    expect(httpUrl(link)).toBeNull();
  }
});
