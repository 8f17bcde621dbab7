import { expect, test } from '@jest/globals';
import { setImmediate as turn } from 'node:timers/promises';
import { createGroups } from '../../../src/store/groups.js';

/** Saves that end when they are told to. */
function createSaves() {
  const under: { readonly items: readonly number[]; readonly end: () => void }[] = [];
  const saveAll = (items: readonly number[]): Promise<number[]> =>
    new Promise((resolve) => {
      const end = (): void => {
        resolve(items.map((item) => item * 10));
      };
      under.push({ items, end });
    });
  return { under, saveAll, groups: () => under.map(({ items }) => items) };
}

test('a lone one goes at once; those that come meanwhile go together, and each hears of its own', async () => {
  const { under, saveAll, groups } = createSaves();
  const save = createGroups(saveAll, { most: 3 });
  const results = Promise.all([1, 2, 3, 4, 5].map(save));
  expect(groups()).toEqual([[1]]);
  under[0]?.end();
  await turn();
  expect(groups()).toEqual([[1], [2, 3, 4]]);
  under[1]?.end();
  await turn();
  under[2]?.end();
  expect(await results).toEqual([10, 20, 30, 40, 50]);
});

test('beside a group under way only full ones go, and no more than are allowed', () => {
  const { saveAll, groups } = createSaves();
  const save = createGroups(saveAll, { most: 2, atOnce: 2 });
  void save(1);
  void save(2);
  expect(groups()).toEqual([[1]]);
  for (const item of [3, 4, 5]) void save(item);
  expect(groups()).toEqual([[1], [2, 3]]);
});

test('when a group fails each is tried alone: what is wrong with one is no trouble for the others', async () => {
  const tried: (readonly number[])[] = [];
  const save = createGroups((items: readonly number[]) => {
    tried.push(items);
    return items.includes(3) ? Promise.reject(new Error('not 3')) : Promise.resolve(items);
  });
  const results = await Promise.allSettled([1, 2, 3, 4].map(save));
  expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'fulfilled']);
  expect(tried).toEqual([[1], [2, 3, 4], [2], [3], [4]]);
  expect(await save(5)).toBe(5);
});
