import { expect, test } from '@jest/globals';
import { messageFor } from '../../../src/deliveries/message-for.js';
import type { Post } from '../../../src/posts/post.js';
import { topic } from '../../support/command-bench.js';
import { memoryPost } from '../../support/memory-stores.js';

const TOPICS = ['one', 'two', 'three', 'four', 'five'].map((id) => topic(id, `Topic ${id}`));

const promised = (post: Post, plain = false) => ({
  post: { ...post, isNotice: false, lines: [] },
  source: 'Example blog',
  delivery: { plain },
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
    buttons: [],
    continues: null,
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

test('what a platform called malformed is asked for plain', () => {
  expect(messageFor(promised(memoryPost('A'), true), TOPICS).format).toBe('plain');
});

test('a post of any length comes with a summary that fits', () => {
  const { summary } = messageFor(promised(memoryPost('A', { text: 'Some words of a story. '.repeat(2_000) })), TOPICS);
  expect(summary.length).toBeGreaterThan(0);
  expect(summary.length).toBeLessThan(400);
});
