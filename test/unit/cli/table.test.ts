import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { fit, oneLine, table } from '../../../src/cli/table.js';

const io = { columns: 40, colour: false };

describe('a table', () => {
  test('is never wider than the terminal, as long as every column keeps eight characters', () => {
    const widths = fc.array(fc.nat(300), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(widths, fc.integer({ min: 48, max: 200 }), (natural, available) => {
        const total = fit(natural, available).reduce((sum, width) => sum + width, 0);
        expect(total).toBeLessThanOrEqual(Math.max(available, 8 * natural.length));
      }),
    );
  });

  test('leaves columns alone that fit', () => {
    expect(fit([5, 20, 3], 40)).toStrictEqual([5, 20, 3]);
  });

  test('takes from the widest column first', () => {
    expect(fit([5, 60, 20], 45)).toStrictEqual([5, 20, 20]);
  });

  test('wraps what does not fit and loses no letter', () => {
    const drawn = table(['Name', 'Address'], [['a feed', `https://a.example/${'x'.repeat(80)}`]], io);
    expect(drawn.replace(/\s/g, '')).toBe(`NameAddressafeedhttps://a.example/${'x'.repeat(80)}`);
    expect(Math.max(...drawn.split('\n').map((line) => line.length))).toBeLessThanOrEqual(40);
  });

  test('text from a feed cannot drive the terminal', () => {
    expect(oneLine('a\u001b[2Jb\nc\u202ed')).toBe('a [2Jb c d');
  });
});
