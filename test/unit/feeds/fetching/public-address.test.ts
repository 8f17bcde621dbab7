import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { isPublicAddress } from '../../../../src/feeds/fetching/address-guard.js';

/** The rule, told once more in numbers: ranges as first and last address (IANA special-purpose registries). */
const V4: readonly (readonly [string, string])[] = [
  ['0.0.0.0', '0.255.255.255'],
  ['10.0.0.0', '10.255.255.255'],
  ['100.64.0.0', '100.127.255.255'],
  ['127.0.0.0', '127.255.255.255'],
  ['169.254.0.0', '169.254.255.255'],
  ['172.16.0.0', '172.31.255.255'],
  ['192.0.0.0', '192.0.0.255'],
  ['192.0.2.0', '192.0.2.255'],
  ['192.88.99.0', '192.88.99.255'],
  ['192.168.0.0', '192.168.255.255'],
  ['198.18.0.0', '198.19.255.255'],
  ['198.51.100.0', '198.51.100.255'],
  ['203.0.113.0', '203.0.113.255'],
  ['224.0.0.0', '255.255.255.255'],
];
/** Within 2000::/3; outside it nothing is public but mapped IPv4. First 32 bits, last 32 bits. */
const V6_WITHIN: readonly (readonly [number, number])[] = [
  [0x20010000, 0x20010000],
  [0x20010010, 0x2001002f],
  [0x20010db8, 0x20010db8],
  [0x20020000, 0x2002ffff],
  [0x3fff0000, 0x3fff0fff],
];

const v4Number = (ip: string) => ip.split('.').reduce((sum, octet) => sum * 256 + Number(octet), 0);
const v4Text = (n: number) => [24, 16, 8, 0].map((bits) => Math.floor(n / 2 ** bits) % 256).join('.');
const isPublicV4 = (n: number) => !V4.some(([first, last]) => n >= v4Number(first) && n <= v4Number(last));

function isPublicV6(groups: readonly number[]): boolean {
  const pair = (index: number) => (groups[index] ?? 0) * 65_536 + (groups[index + 1] ?? 0);
  if (pair(0) === 0 && pair(2) === 0 && pair(4) === 0xffff) return isPublicV4(pair(6));
  const start = pair(0);
  return (
    start >= 0x20000000 && start <= 0x3fffffff && !V6_WITHIN.some(([first, last]) => start >= first && start <= last)
  );
}

const anyV4 = fc.oneof(
  fc.integer({ min: 0, max: 2 ** 32 - 1 }),
  // At the edges of each range, and next to them.
  fc
    .tuple(fc.constantFrom(...V4.flat().map(v4Number)), fc.integer({ min: -2, max: 2 }))
    .map(([edge, off]) => (edge + off + 2 ** 32) % 2 ** 32),
);
const group = fc.integer({ min: 0, max: 0xffff });
const starts = [
  [0],
  [0, 0, 0, 0, 0, 0xffff],
  [0, 0, 0, 0, 0xffff, 0],
  [0x64, 0xff9b],
  [0x64, 0xff9b, 1],
  [0x100],
  [0x1fff],
];
const moreStarts = [
  [0x2000],
  [0x2001, 0],
  [0x2001, 0xf],
  [0x2001, 0x10],
  [0x2001, 0x2f],
  [0x2001, 0x30],
  [0x2001, 0xdb8],
];
const lastStarts = [
  [0x2001, 0xdb9],
  [0x2002],
  [0x2003],
  [0x3ffe],
  [0x3fff, 0xfff],
  [0x3fff, 0x1000],
  [0x4000],
  [0xfc00],
];
const local = [[0xfe80], [0xfec0], [0xff02], [0, 0xffff], [0, 0, 0xffff], []];
const anyV6 = fc
  .tuple(
    fc.constantFrom(...starts, ...moreStarts, ...lastStarts, ...local),
    fc.array(fc.oneof(group, fc.constant(0)), { minLength: 8, maxLength: 8 }),
  )
  .map(([start, rest]) => [...start, ...rest].slice(0, 8));

/** One of the many ways to write an IPv6 address (RFC 4291 §2.2). */
function spelled(
  groups: readonly number[],
  how: { readonly pad: boolean; readonly upper: boolean; readonly dotted: boolean },
): string {
  const words = groups.map((one) => one.toString(16).padStart(how.pad ? 4 : 1, '0'));
  const [g = 0, h = 0] = groups.slice(6);
  const text = how.dotted ? [...words.slice(0, 6), v4Text(g * 65_536 + h)].join(':') : words.join(':');
  return how.upper ? text.toUpperCase() : text;
}

test('an IPv4 address is public exactly where no special range holds it', () => {
  fc.assert(
    fc.property(anyV4, (n) => {
      expect([v4Text(n), isPublicAddress(v4Text(n))]).toEqual([v4Text(n), isPublicV4(n)]);
    }),
    { numRuns: 2000 },
  );
});

test('an IPv6 address is public exactly by the table, however it is spelled', () => {
  const how = fc.record({ pad: fc.boolean(), upper: fc.boolean(), dotted: fc.boolean() });
  fc.assert(
    fc.property(anyV6, how, (groups, spelling) => {
      const ip = spelled(groups, spelling);
      expect([ip, isPublicAddress(ip)]).toEqual([ip, isPublicV6(groups)]);
      expect(isPublicAddress(`${ip}%eth0`)).toBe(false);
      expect(isPublicAddress(`[${ip}]`)).toBe(false);
    }),
    { numRuns: 5000 },
  );
});

test('an address that carries a private IPv4 is never public', () => {
  fc.assert(
    fc.property(anyV4, (n) => {
      const hex = [Math.floor(n / 65_536), n % 65_536].map((half) => half.toString(16)).join(':');
      const carriers = [`64:ff9b::${hex}`, `64:ff9b:1::${hex}`, `::${hex}`, `::ffff:0:${hex}`, `2002:${hex}::1`];
      const teredo = `2001:0:102:304:0:ffff:${hex}`;
      for (const ip of [...carriers, teredo]) expect([ip, isPublicAddress(ip)]).toEqual([ip, false]);
      expect(isPublicAddress(`::ffff:${hex}`)).toBe(isPublicV4(n));
    }),
  );
});
