import { describe, expect, test } from '@jest/globals';
import { messageFor } from '../../../src/deliveries/message-for.js';
import type { MessageFormat } from '../../../src/chat/message.js';
import type { PostId } from '../../../src/ids.js';
import type { Post } from '../../../src/posts/post.js';
import { topic } from '../../support/command-bench.js';
import { memoryPost } from '../../support/memory-stores.js';

const TOPICS = ['one', 'two', 'three', 'four', 'five'].map((id) => topic(id, `Topic ${id}`));

const POST_ID = '6f1c2d3e-0000-4000-8000-123456789abc' as PostId;

const promised = (post: Post, format: MessageFormat = 'card', alsoIn: readonly string[] = []) => ({
  post: { ...post, isNotice: false, lines: [] },
  postId: POST_ID,
  source: 'Example blog',
  alsoIn,
  feedUrl: 'https://example.org/feed.xml',
  publish: false,
  delivery: { format },
  continues: null,
});

test('a message says what the post is, where it is from, and what it is about', () => {
  const post = memoryPost('Two routers', {
    author: 'Ann',
    text: 'A short story of one link.',
    imageUrl: new URL('https://example.org/a.png'),
  });
  expect(messageFor(promised(post), TOPICS)).toEqual({
    lines: [],
    alsoIn: [],
    buttons: [
      { label: 'More like this', command: `like ${POST_ID}` },
      { label: 'Why here?', command: 'why https://example.org/post' },
      { label: 'Mute this feed', command: 'mute https://example.org/feed.xml' },
    ],
    continues: null,
    publish: false,
    format: 'card',
    title: 'Two routers',
    url: new URL('https://example.org/post'),
    source: 'Example blog',
    author: 'Ann',
    publishedAt: new Date('2026-03-03T12:00:00Z'),
    topics: ['Topic one', 'Topic two'],
    summary: 'A short story of one link.',
    imageUrl: new URL('https://example.org/a.png'),
  });
});

test('at most three topics are named, in the order of the catalogue', () => {
  const post = memoryPost('five four three two');
  expect(messageFor(promised(post), TOPICS).topics).toEqual(['Topic two', 'Topic three', 'Topic four']);
});

test('a feed that signs every post with its own name is not named twice', () => {
  expect(messageFor(promised(memoryPost('A', { author: ' example BLOG ' })), TOPICS).author).toBeNull();
});

test('what a platform called malformed is asked for in a simpler form', () => {
  expect(messageFor(promised(memoryPost('A'), 'bare'), TOPICS).format).toBe('bare');
});

describe('the menu', () => {
  const commands = (rest: Partial<Parameters<typeof messageFor>[0]>): string[] =>
    messageFor({ ...promised(memoryPost('A')), ...rest }, TOPICS).buttons.map(({ command }) => command);

  test('is for posts: a notice and a digest have none', () => {
    expect(commands({ postId: null })).toEqual([]);
  });

  test('asks for a post with an endless address by the beginning of its title, which cannot add options', () => {
    const post = memoryPost(`"Quoted" words for:7d ${'and more '.repeat(30)}`, {
      url: new URL(`https://example.org/${'x'.repeat(100)}`),
    });
    const [, why = ''] = commands({ ...promised(post) });
    expect(why).toMatch(/^why "Quoted words for:7d and more [^"]*and"$/);
    expect(why.length).toBeLessThanOrEqual(90);
  });

  test('offers nothing that would not fit a button, or gives away a password', () => {
    const post = memoryPost('""', { url: new URL('https://ann:secret@example.org/post') });
    expect(commands({ ...promised(post), feedUrl: `https://example.org/${'x'.repeat(100)}` })).toEqual([
      `like ${POST_ID}`,
    ]);
  });
});

test('a post of any length comes with a summary that fits', () => {
  const { summary } = messageFor(promised(memoryPost('A', { text: 'Some words of a story. '.repeat(2_000) })), TOPICS);
  expect(summary.length).toBeGreaterThan(0);
  expect(summary.length).toBeLessThan(400);
});

test('the other feeds that show a post are named in their order, once each, and without its own source', () => {
  const others = ['B news', 'Example blog', 'A planet', 'B news'];
  expect(messageFor(promised(memoryPost('A'), 'card', others), TOPICS).alsoIn).toEqual(['B news', 'A planet']);
});

test('a post that goes to many channels is read once, for one catalogue', () => {
  let reads = 0;
  const one = promised(memoryPost('Two routers', {}));
  Object.defineProperty(one.post, 'text', {
    get: () => {
      reads += 1;
      return 'A short story of one link.';
    },
  });
  const first = messageFor(one, TOPICS);
  const readOnce = reads;
  expect(messageFor({ ...one, source: 'Another' }, TOPICS)).toEqual({ ...first, source: 'Another' });
  expect(reads).toBe(readOnce);
  expect(messageFor(one, TOPICS.slice(1)).topics).toEqual(['Topic two']);
});
