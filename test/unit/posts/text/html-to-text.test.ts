import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { htmlToText } from '../../../../src/posts/text/html-to-text.js';

test.each([
  ['<p>One</p><p>Two<br>three</p>', 'One\n\nTwo\nthree'],
  ['a  <b>b</b>\n c<i>d</i> e', 'a b cd e'],
  ['<b>a</b><b>b</b> <b>c</b>', 'ab c'],
  ['<ul><li>a</li><li><p>b</p></li></ul>after', '- a\n- b\n\nafter'],
  ['<h2>Head</h2>text', 'Head\n\ntext'],
  ['Run:<pre><code>ip  route\n  via x</code></pre>then', 'Run:\n\nip  route\n  via x\n\nthen'],
  ['<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>', 'a | b\nc'],
  ['AT&amp;T &lt;b&gt; caf&eacute; &#8217;&nbsp;x', 'AT&T <b> caf\u00e9 \u2019 x'],
  ['x<script>alert(1)</script><style>p{}</style><noscript>n</noscript><template>t</template>y', 'xy'],
  ['x<span hidden>h</span><div style="display: none">h<p>h</p></div>y', 'xy'],
  ['<ul><li></li><li>a<ul><li>b</li></ul></li></ul>', '- a\n  - b'],
  ['<xhtml:p>a</xhtml:p><xhtml:p>b</xhtml:p>', 'a\n\nb'],
  ['a < b and c', 'a < b and c'],
  ['<p>unclosed <b>tags', 'unclosed tags'],
  ['<ol start="3"><li>a</li><li>b<ol><li>c</li></ol></li></ol>', '3. a\n4. b\n  1. c'],
  ['10<sup>9</sup>, said<sup><a href="#fn1">1</a></sup>, 1<sup>st</sup>', '10\u2079, said[1], 1st'],
  ['<h2>Head<a href="#head">#</a></h2>x <a href="#fnref1">\u21a9</a>', 'Head\n\nx'],
  ['<table><tr><td class="gutter">1</td><td class="code"><pre>ip route</pre></td></tr></table>', 'ip route'],
  ['a<nav>menu</nav><i aria-hidden="true">icon</i><span class="screen-reader-text">hidden</span>', 'a'],
  ['Kept.<div class="sharedaddy sd-sharing"><p>Share this:</p></div><div class="feedflare">f</div>', 'Kept.'],
  ['<div class="share-buttons"><p>All of the text.</p></div>', 'All of the text.'],
  ['<ruby>\u6f22<rp>(</rp><rt>kan</rt><rp>)</rp></ruby>', '\u6f22'],
  ['<dl><dt>MTU</dt><dd>1500</dd></dl>', 'MTU\n1500'],
  ['', ''],
])('%s', (html, text) => {
  expect(htmlToText(html)).toBe(text);
});

test('text without markup stays as it is, and nothing makes it fail', () => {
  fc.assert(
    fc.property(fc.array(fc.stringMatching(/^[a-z0-9.,]{1,9}$/), { maxLength: 20 }), (words) => {
      expect(htmlToText(words.join(' '))).toBe(words.join(' '));
    }),
  );
  const tokens = fc.constantFrom(
    '<p>',
    '</p>',
    '<pre>',
    '</pre>',
    '<li>',
    'a',
    ' ',
    '\n',
    '<script>',
    '</script>',
    '<svg>',
    '&amp;',
    '<',
    '<!--',
  );
  fc.assert(
    fc.property(fc.array(tokens, { maxLength: 30 }), (parts) => {
      // The indent of a first line of code is kept.
      expect(htmlToText(parts.join(''))).not.toMatch(/^\n|\s$/);
    }),
  );
});

test('a row of links that share the page is left out, a sentence with such a link is not', () => {
  const tweet = '<a href="https://twitter.com/intent/tweet?url=x">Tweet</a>';
  const like = '<a href="https://www.facebook.com/sharer/sharer.php?u=x">Facebook</a>';
  expect(htmlToText(`<p>One.</p><p>Share this: ${tweet} | ${like} (3)</p><p>Two.</p>`)).toBe('One.\n\nTwo.');
  expect(htmlToText(`<p>Press ${tweet} and the API answers with 403.</p>`)).toBe(
    'Press Tweet and the API answers with 403.',
  );
});

test('what comes out is bounded', () => {
  expect(htmlToText('<p>word </p>'.repeat(100_000)).length).toBeLessThanOrEqual(200_000);
  expect(htmlToText('<div>'.repeat(100_000) + 'deep')).toBe('');
});
