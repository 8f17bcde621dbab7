import { describe, expect, test } from '@jest/globals';
import type { PostId } from '../../../src/ids.js';
import { buttonsOf, linesOf, openBench, textOf } from '../../support/command-bench.js';
import { memoryPost } from '../../support/memory-stores.js';

const ID = '6f1c2d3e-0000-4000-8000-123456789abc' as PostId;
const leak = memoryPost('Route leak at noon', { id: ID });
const others = Array.from({ length: 6 }, (_, index) => memoryPost(`Another leak, number ${String(index + 1)}`));

describe('like', () => {
  test('as the button gives it, lists posts that share words with its title, to the caller alone', async () => {
    const reply = await openBench({ posts: [leak, ...others, memoryPost('Of other things')] }).give(`like ${ID}`);
    expect(reply.visibleTo).toBe('caller');
    expect(linesOf(reply)[0]).toBe('More like Route leak at noon');
    expect(reply.lines.filter(({ kind }) => kind === 'item')).toHaveLength(5);
    expect(textOf(reply)).not.toContain('Of other things');
    expect(buttonsOf(reply)).toEqual({ 'Next ▶': `like ${ID} page:2` });
  });

  test('takes words too', async () => {
    const reply = await openBench({ posts: [leak, ...others] }).give('like leak at midnight');
    expect(textOf(reply)).toContain('Route leak at noon');
  });

  test('says so when nothing is like it, or when the post is gone', async () => {
    expect(textOf(await openBench({ posts: [leak] }).give(`like ${ID}`))).toContain(
      'Nothing like "Route leak at noon"',
    );
    expect(textOf(await openBench().give(`like ${ID}`))).toContain('not stored any more');
  });
});
