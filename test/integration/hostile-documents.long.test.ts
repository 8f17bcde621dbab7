import { afterAll, beforeAll, test } from '@jest/globals';
import { documentOf, HOSTILE_SHAPES } from '../support/hostile-documents.js';
import { expectHarmless, worstOf } from '../support/hostile-expectations.js';
import { openHostileWorld, type HostileResult, type HostileWorld } from '../support/hostile-run.js';

/** Of these, ten megabytes hold more than the quarter of a million elements that a document may have. */
const TOO_MANY_ELEMENTS: ReadonlySet<string> = new Set(['links', 'tags', 'authors', 'titles']);

let world: HostileWorld;
const results: HostileResult[] = [];

beforeAll(async () => {
  world = await openHostileWorld();
});
afterAll(async () => {
  process.stderr.write(worstOf(results));
  await world.close();
});

test.each(HOSTILE_SHAPES)('harmless at the largest size that is looked through in place: $name', async (shape) => {
  results.push(await expectHarmless(world, documentOf(shape, 127 * 1024)));
});

test.each(HOSTILE_SHAPES)('harmless at the largest size that is read: $name', async (shape) => {
  const document = documentOf(shape, 10 * 1024 * 1024 - 4_096);
  const ends = TOO_MANY_ELEMENTS.has(shape.name) ? (['not-a-feed'] as const) : document.ends;
  results.push(await expectHarmless(world, { ...document, ends }));
});
