import { describe, expect, test } from '@jest/globals';
import { cleanText } from '../../../../src/posts/text/clean-text.js';
import { entryFrom } from '../../../../src/posts/from-entry.js';

const BODY = 'The session came back after the timer ran out.';
const AGAIN = 'Two more were lost on the way, as the log shows.';

describe('is left out at the end', () => {
  test.each([
    'Share on Facebook Tweet LinkedIn Email',
    'Share this:\nTwitter\nFacebook',
    'Like this:\nLike Loading...',
    'Teilen\nFacebook\nWhatsApp',
    '\u5206\u4eab\u5230\n\u5fae\u535a\n\u5fae\u4fe1',
    'Tags: bgp, routing',
    'Filed under: Notes',
    '\u041c\u0435\u0442\u043a\u0438: \u0441\u0435\u0442\u0438',
    'Subscribe to our newsletter',
    'Abonnez-vous \u00e0 notre newsletter',
    'submitted by /u/someone to /r/networking\n[link] [12 comments]',
    'Comments (3)',
    'Permalink | 4 Comments',
    'Laisser un commentaire',
    'Related posts\n\n- An older note\n- Another one',
    '\u5173\u8054\u6587\u7ae0'.replace('\u5173\u8054', '\u76f8\u5173') + '\n\n\u53e6\u4e00\u7bc7',
    'Read the full story at Example News.',
    'This article was originally published on Example News.',
    'Field notes was originally published in Example on Medium, where people are continuing the conversation.',
    'La entrada Notas aparece primero en Ejemplo.',
    '\u0421\u043e\u043e\u0431\u0449\u0435\u043d\u0438\u0435 \u0422\u0435\u0441\u0442 \u043f\u043e\u044f\u0432\u0438\u043b\u0438\u0441\u044c \u0441\u043d\u0430\u0447\u0430\u043b\u0430 \u043d\u0430 \u0421\u0430\u0439\u0442.',
    '\u7d9a\u304d\u3092\u8aad\u3080',
    'Copyright \u00a9 2024 Example. All rights reserved.',
    '* * *',
  ])('%j', (footer) => {
    expect(cleanText(`${BODY}\n\n${AGAIN}\n\n${footer}`, 'Field notes')).toBe(`${BODY}\n\n${AGAIN}`);
  });
});

describe('stays', () => {
  test.each([
    'Share your routes with peers.',
    'You can share this post with anyone who runs a network.',
    'Continue reading books about routing, she says; continue reading code as well.\n\nThat is the advice.',
    'Related work\n\nEarlier papers measured the same effect over a longer time.',
    'Tags: they are how VLANs are told apart. Read on and see.',
    'Comments in configuration files survive the upgrade.',
    '- Fix crash on start\n- Add IPv6 to the exporter',
    'void main() {\n  run();\n}',
    'Learn more about these projects!',
    'By default the timer is off.\n\nTurn it on.',
  ])('%j', (text) => {
    expect(cleanText(`${BODY}\n\n${text}`, 'Field notes')).toBe(`${BODY}\n\n${text}`);
  });

  test('a changelog whose lines are all links', () => {
    const value = '<ul><li><a href="/1">Fix crash on start</a></li><li><a href="/2">Add IPv6</a></li></ul>';
    expect(textOf(value, 'Release 2.0')).toBe('- Fix crash on start\n- Add IPv6');
  });
});

describe('at the start', () => {
  test.each([
    'Field notes from the edge - Example Notes',
    'Field notes from the edge | Example',
    'Posted on March 3, 2024 by Ada',
    'By Ada',
    '5 min read',
    'Lesezeit: 5 Minuten',
  ])('%j says nothing', (opening) => {
    expect(cleanText(`${opening}\n\n${BODY}`, 'Field notes from the edge', { author: 'Ada' })).toBe(BODY);
  });

  test('the title goes when it is a sentence of its own, and stays when the text goes on from it', () => {
    const title = 'Field notes from the edge';
    expect(cleanText(`${title}. ${BODY}`, title)).toBe(BODY);
    expect(cleanText(`${title} ${BODY}`, title)).toBe(BODY);
    expect(cleanText(`${title} have appeared every week for more than ten years now.`, title)).toContain(title);
  });
});

test('a text that stands twice on one line is kept once', () => {
  const text = `${BODY} ${AGAIN}`;
  expect(cleanText(`${text} Field notes ${text}`, 'Field notes')).toBe(text);
});

test('an excerpt goes that the text behind the title begins with', () => {
  const excerpt = `${BODY} ${AGAIN.slice(0, 20)} [\u2026]`;
  expect(cleanText(`${excerpt}\n\nField notes now\n\n${BODY}\n\n${AGAIN}`, 'Field notes now')).toBe(
    `${BODY}\n\n${AGAIN}`,
  );
});

test('a post reads the same however its feed wrapped it', () => {
  const title = 'What the timer told us';
  const wrapped = [
    `${title}\n\n${BODY}\n\n${AGAIN}\n\nThe rest Continue reading`,
    `<p>${title}</p><p>${BODY}</p><p>${AGAIN}</p><p>The rest Continue reading</p>`,
    `<h1>${title}</h1><img src="https://pixel.wp.com/b.gif"><p>${BODY}</p>\n<p>${AGAIN}</p><p>The post <a href="/">${title}</a> appeared first on <a href="/">Notes</a>.</p>`,
    `<p>${BODY}</p><p>${AGAIN}</p><h3>Share this:</h3><ul><li><a href="?share=twitter">Twitter</a></li></ul><h4>Related</h4><ul><li><a href="/a">Older</a></li></ul>`,
  ];
  for (const value of wrapped) expect(textOf(value, title)).toBe(`${BODY}\n\n${AGAIN}`);
});

test('hostile texts take time in proportion to their length', () => {
  const hostile = [
    '<',
    '&',
    '<div>',
    'Continue reading\n',
    'Continue reading ',
    'a\n',
    ' ',
    '\t',
    'a',
    '[...] ',
    'comments 3 | ',
  ];
  for (const part of [...hostile, 'posted by 2020-01-01 ', 'Share\n', 'the post appeared ']) {
    const value = `x${part.repeat(Math.ceil(1_000_000 / part.length))}x`;
    const startedAt = performance.now();
    textOf(value, 'A title');
    expect({ part, slow: performance.now() - startedAt > 5_000 }).toEqual({ part, slow: false });
  }
});

function textOf(value: string, title: string): string {
  return entryFrom({
    ...{ guid: null, links: [], author: null, content: null, publishedAt: null, updatedAt: null, tags: [] },
    ...{ images: [], enclosures: [], base: new URL('https://a.example/') },
    title: { value: title, form: 'text' },
    summary: { value, form: 'html' },
  }).text;
}
