import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { documentOf, HOSTILE_SHAPES, HOSTILE_TRANSFERS } from '../support/hostile-documents.js';
import { expectHarmless, worstOf } from '../support/hostile-expectations.js';
import { openHostileWorld, type HostileResult, type HostileWorld } from '../support/hostile-run.js';

const SMALL = 16 * 1024 - 512;
const LARGE = 10 * 1024 * 1024 - 4_096;
/** The others are polled at this size by the long suite. */
const AT_FULL_SIZE = new Set([
  'a thousand entries of equal size',
  'a large title',
  'nested tags',
  'nested HTML',
  'JSON: nested lists',
  'open tags, in HTML',
]);

let world: HostileWorld;
const results: HostileResult[] = [];

beforeAll(async () => {
  world = await openHostileWorld();
});
afterAll(async () => {
  process.stderr.write(worstOf(results));
  await world.close();
});

test.each(HOSTILE_SHAPES)('harmless, small: $name', async (shape) => {
  results.push(await expectHarmless(world, documentOf(shape, SMALL)));
});

test.each(HOSTILE_SHAPES.filter(({ name }) => AT_FULL_SIZE.has(name)))('harmless, 10 MB: $name', async (shape) => {
  results.push(await expectHarmless(world, documentOf(shape, LARGE)));
});

test.each(HOSTILE_TRANSFERS)('harmless: $name', async (document) => {
  results.push(await expectHarmless(world, document));
});

describe('of all those documents', () => {
  test('none made the bot ask for anything else', () => {
    expect(world.strangeRequests()).toEqual([]);
  });

  test('what was stored is short, visible and safe to open', async () => {
    const stored = await world.stored();
    const texts = stored.flatMap(({ title, body, tags }) => [title, body, ...tags]);
    const links = stored.flatMap(({ url, link, image_url: image }) => [url, link, image]).filter((one) => one !== null);
    expect(stored.length).toBeGreaterThan(1_000);
    expect(texts.filter((text) => /[\0\u202a-\u202e\u2066-\u2069]|\p{Surrogate}/u.test(text))).toEqual([]);
    expect(texts.filter((text) => text.includes('root:') || text.length > 200_100)).toEqual([]);
    expect(stored.filter(({ title, tags }) => title.length > 2_000 || tags.length > 100)).toEqual([]);
    expect(links.filter((link) => !/^https?:\/\//.test(link))).toEqual([]);
  });
});
