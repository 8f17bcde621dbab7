import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { articleKeys, MOST_KEYS } from '../../../../src/posts/same/article-keys.js';
import { compare, featuresOf, type Article } from '../../../../src/posts/same/features.js';
import type { SameBy } from '../../../../src/posts/decision.js';
import { sameArticle } from '../../../../src/posts/same/same-article.js';
import { wordsOf } from '../../../../src/posts/same/words.js';

/** Words that say nothing, the same for the same name. */
function prose(name: string, count: number): string {
  let state = Array.from(name).reduce((sum, character) => sum * 31 + (character.codePointAt(0) ?? 0), 7) % 65_521;
  return Array.from({ length: count }, () => {
    state = (state * 48_271 + 11) % 2_147_483_647;
    return `w${(state % 30_000).toString(36)}`;
  }).join(' ');
}

function article(over: Partial<Article> & { readonly at?: string } = {}): Article {
  return {
    title: 'How a route leak took down half a continent',
    url: new URL(over.at ?? 'https://author.example/route-leak'),
    text: prose('leak', 300),
    publishedAt: new Date('2026-03-02T12:00:00Z'),
    ...over,
  };
}

function told(a: Article, b: Article): SameBy | null {
  const verdict = sameArticle(featuresOf(a), featuresOf(b));
  const mirrored = sameArticle(featuresOf(b), featuresOf(a));
  expect(mirrored).toEqual(verdict);
  expect(verdict.same).toBe(verdict.by !== null);
  expect(verdict.score >= 0.5).toBe(verdict.same);
  return verdict.by;
}

const planet = (over: Partial<Article> = {}) => article({ at: 'https://planet.example/item/17', ...over });
const later = { publishedAt: new Date('2026-06-30T12:00:00Z') };

describe('the same', () => {
  test.each<[string, Article, SameBy]>([
    ['a copy under another address', planet(), 'text'],
    ['a copy that came months later', planet(later), 'text'],
    ['one with the name of the site in its title', planet({ title: `${article().title} - The Author's Blog` }), 'text'],
    ['one under another title', planet({ title: 'Must read: what went wrong' }), 'excerpt'],
    ['an excerpt', planet({ text: prose('leak', 40) }), 'text'],
    ['an excerpt under another title', planet({ title: 'What went wrong', text: prose('leak', 80) }), 'excerpt'],
    ['one with an introduction and a footer', planet({ text: `${prose('intro', 40)} ${prose('leak', 300)}` }), 'text'],
    ['a teaser in words of its own', planet({ text: 'An outage explained.' }), 'title'],
    [
      'one with a telephone address',
      article({ at: 'http://m.author.example/route-leak?utm_source=x', text: '' }),
      'link',
    ],
    ['an edition with a corrected title', article({ title: 'How a route leak took down a continent' }), 'link'],
    ['one that a newsletter numbered', planet({ title: `${article().title} (2026-03-02)` }), 'text'],
    [
      'one whose title was made of an address',
      planet({ title: 'How a route leak took down half a continent 8211' }),
      'text',
    ],
  ])('%s', (_, other, reason) => {
    expect(told(article(), other)).toBe(reason);
  });

  test('texts without spaces: an excerpt of a Chinese article', () => {
    const text =
      '边界网关协议的路由泄漏会让流量绕行很远的地方，运营商需要过滤客户宣告的前缀。'.repeat(2) +
      '昨天的事故再次说明了这一点，影响了许多用户。';
    const chinese = article({ title: '路由泄漏事故的完整分析', text: `${text}后来工程师恢复了服务并发布了报告。` });
    expect(told(chinese, planet({ title: '路由泄漏事故的完整分析', text }))).toBe('text');
    expect(
      told(
        chinese,
        planet({ title: '如何配置家用路由器的防火墙', text: '防火墙的配置并不复杂，按照以下步骤进行即可完成设置。' }),
      ),
    ).toBeNull();
  });
});

describe('not the same', () => {
  const template = `This month we fix many things. ${prose('template', 300)}`;
  const numbered = (title: string, at: string) => article({ title, at, text: template });

  test.each<[string, string, string]>([
    ['parts', 'Routing for all, Part 1', 'Routing for all, Part 2'],
    ['parts in Roman numerals', 'Routing for all, part I', 'Routing for all, part II'],
    ['parts in words', 'Routing for all, part one', 'Routing for all, part two'],
    ['versions', 'Router 2.14.1 released', 'Router 2.14.2 released'],
    ['months', 'Security advisories for March', 'Security advisories for April'],
    ['years', 'Our year in review: 2024', 'Our year in review: 2025'],
    ['days', 'Links for Monday', 'Links for Tuesday'],
    ['numbers in other digits', 'الجزء ١ من السلسلة', 'الجزء ٢ من السلسلة'],
  ])('%s, whatever else they share', (_, one, other) => {
    expect(told(numbered(one, 'https://a.example/1'), numbered(other, 'https://a.example/2'))).toBeNull();
    expect(told(numbered(one, 'https://a.example/1'), numbered(other, 'https://b.example/2'))).toBeNull();
    expect(told(numbered(one, 'https://a.example/1'), numbered(other, 'https://a.example/1'))).toBeNull();
  });

  test('a monthly advisory under one title, with nearly the same few words', () => {
    const advisory = (at: string, when: string) =>
      article({
        ...{ title: 'Multiple vulnerabilities in a browser', at, publishedAt: new Date(when) },
        text: prose('advisory', 90),
      });
    expect(
      told(advisory('https://a.example/1', '2026-03-01'), advisory('https://a.example/2', '2026-04-01')),
    ).toBeNull();
  });

  test('several entries that link to one page', () => {
    const entry = (title: string) => article({ title, text: prose(title, 60) });
    expect(told(entry('A talk about peering'), entry('A workshop on automation'))).toBeNull();
    expect(told(entry('Village talks from the conference'), entry('More talks from the conference'))).toBeNull();
  });

  test('episodes with one set of show notes', () => {
    const episode = (title: string, at: string) => article({ title, at, text: prose('notes', 90) });
    expect(
      told(
        episode('Talking to the author', 'https://p.example/1'),
        episode('A guest visits us', 'https://p.example/2'),
      ),
    ).toBeNull();
  });

  test('yearly greetings, and other titles that anybody may choose', () => {
    const greeting = (at: string, name: string) => article({ title: 'Happy new year', at, text: prose(name, 40) });
    expect(told(greeting('https://a.example/x', 'one'), greeting('https://b.example/y', 'two'))).toBeNull();
  });

  test('a post about another post, a digest that contains it, a translation', () => {
    expect(told(article(), planet({ title: 'Thoughts on a route leak', text: prose('thoughts', 200) }))).toBeNull();
    const digest = planet({
      title: 'This week in routing',
      text: `${prose('more', 300)} ${prose('leak', 40)} ${prose('rest', 300)}`,
    });
    expect(told(article(), digest)).toBeNull();
    expect(
      told(article(), planet({ title: 'Wie ein Leck einen halben Kontinent lahmlegte', text: prose('german', 300) })),
    ).toBeNull();
  });

  test('articles without a text or an address have only their titles, and a date must be near', () => {
    const bare = (over: Partial<Article>) => article({ url: null, text: '', ...over });
    expect(told(bare({}), bare({}))).toBe('title');
    expect(told(bare({}), bare({ publishedAt: null }))).toBeNull();
    expect(told(bare({}), bare(later))).toBeNull();
  });
});

describe('keys', () => {
  const keysOf = (one: Article) => articleKeys(one.title, featuresOf(one));
  const meet = (a: Article, b: Article) => keysOf(a).some((key) => keysOf(b).includes(key));

  test('bring together what shares an address, a title without its trimmings, an opening or most of the text', () => {
    const one = article();
    expect(
      meet(one, article({ title: 'Another', text: prose('x', 80), at: 'http://www.author.example/route-leak/amp' })),
    ).toBe(true);
    expect(meet(one, planet({ title: `News: ${one.title} (updated) | The Blog`, text: '' }))).toBe(true);
    expect(meet(one, planet({ title: 'Another', text: prose('leak', 45) }))).toBe(true);
    expect(meet(one, planet({ title: 'Another', text: `${prose('intro', 45)} ${prose('leak', 300)}` }))).toBe(true);
    expect(meet(one, planet({ title: 'Another', text: prose('x', 300) }))).toBe(false);
  });

  test('a front page is nobody’s address', () => {
    const front = (name: string) => article({ title: name, text: prose(name, 60), at: 'https://a.example/' });
    expect(meet(front('one'), front('two'))).toBe(false);
  });

  test('are few, whatever the text', () => {
    const text = fc.oneof(fc.string({ unit: 'grapheme', maxLength: 2_000 }), fc.lorem({ maxCount: 300 }));
    fc.assert(
      fc.property(text, fc.string(), (body, title) => {
        const keys = keysOf(article({ text: body, title }));
        expect(keys.length).toBeLessThanOrEqual(MOST_KEYS);
        expect(new Set(keys).size).toBe(keys.length);
      }),
    );
  });

  test('a megabyte of anything takes no longer than an article', () => {
    const texts = ['a '.repeat(500_000), '漢'.repeat(1_000_000), "'".repeat(1_000_000), 'a'.repeat(1_000_000)];
    const startedAt = performance.now();
    for (const text of texts) keysOf(article({ text, title: text.slice(0, 500) }));
    expect(performance.now() - startedAt).toBeLessThan(500);
  });
});

test('whether two articles are one does not depend on which comes first', () => {
  const bit = fc.constantFrom('route', 'leak', 'part', '2', '3', 'the', 'peering', 'report');
  const some = fc.record({
    title: fc.array(bit, { maxLength: 6 }).map((words) => words.join(' ')),
    text: fc.array(bit, { maxLength: 80 }).map((words) => words.join(' ')),
    url: fc.constantFrom(
      null,
      new URL('https://a.example/1'),
      new URL('https://a.example/2'),
      new URL('https://b.example/1'),
    ),
    publishedAt: fc.constantFrom(null, new Date(0), new Date(86_400_000 * 3)),
  });
  fc.assert(
    fc.property(some, some, (a, b) => {
      told(a, b);
      expect(compare(featuresOf(a), featuresOf(b))).toEqual(compare(featuresOf(b), featuresOf(a)));
    }),
  );
});

test('words are found in any script, without case, apostrophes or punctuation', () => {
  expect(wordsOf('Don’t PANIC: ﬁle—2')).toEqual(['dont', 'panic', 'file', '2']);
  expect(wordsOf('路由 BGP泄漏')).toEqual(['路', '由', 'bgp', '泄', '漏']);
  expect(wordsOf('… — !')).toEqual([]);
});

test('an article that has an address is the same as itself', () => {
  fc.assert(
    fc.property(fc.string({ minLength: 1 }), fc.lorem({ maxCount: 50 }), (title, text) => {
      const one = article({ title: `a${title}`, text });
      expect(told(one, one)).toBe('link');
    }),
  );
});
