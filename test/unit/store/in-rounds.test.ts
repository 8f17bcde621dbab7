import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { inRounds } from '../../../src/store/in-rounds.js';

const KEYED = fc.array(fc.array(fc.integer({ min: 0, max: 8 }), { maxLength: 4 }), { maxLength: 20 });

test('what shares no key goes in one round', () => {
  expect(inRounds([['a'], ['b'], [], ['c']], (keys) => keys)).toEqual([[['a'], ['b'], [], ['c']]]);
});

test('what shares a key goes in rounds of its own, in its order', () => {
  const rounds = inRounds(['ab', 'bc', 'cd', 'x', 'a'], (one) => one.split(''));
  expect(rounds).toEqual([['ab', 'x'], ['bc', 'a'], ['cd']]);
});

test('whatever the keys are, all go once, no round holds two that share one, and those keep their order', () => {
  fc.assert(
    fc.property(KEYED, (lists) => {
      const all = lists.map((keys, number) => ({ keys, number }));
      const rounds = inRounds(all, ({ keys }) => keys);
      expect(
        rounds
          .flat()
          .map(({ number }) => number)
          .sort((a, b) => a - b),
      ).toEqual(all.map(({ number }) => number));
      const roundOf = new Map(rounds.flatMap((round, at) => round.map(({ number }) => [number, at] as const)));
      for (const { keys, number } of all) {
        const before = all.filter((one) => one.number < number && one.keys.some((key) => keys.includes(key)));
        for (const one of before) expect(roundOf.get(one.number)).toBeLessThan(roundOf.get(number) ?? -1);
      }
    }),
  );
});
