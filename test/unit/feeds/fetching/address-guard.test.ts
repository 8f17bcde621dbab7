import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  isAllowedAddress,
  isAllowListed,
  isAllowedUrl,
  isPublicAddress,
  NOTHING_ALLOWED,
  parseAllowList,
} from '../../../../src/feeds/fetching/address-guard.js';

describe('public addresses', () => {
  test.each(['8.8.8.8', '1.1.1.1', '172.15.255.255', '172.32.0.1', '100.63.255.255', '198.17.0.1', '223.255.255.255'])(
    '%s is public',
    (ip) => {
      expect(isPublicAddress(ip)).toBe(true);
    },
  );

  test.each(['2606:4700::1111', '2a00:1450:4001::200e', '::ffff:8.8.8.8', '0:0:0:0:0:FFFF:808:808', '2001:4860::8888'])(
    '%s is public',
    (ip) => {
      expect(isPublicAddress(ip)).toBe(true);
    },
  );

  test.each([
    ...[
      '0.0.0.0',
      '10.1.2.3',
      '100.64.0.1',
      '127.0.0.1',
      '127.255.0.1',
      '169.254.169.254',
      '172.16.0.1',
      '172.31.255.255',
    ],
    ...[
      '192.0.0.8',
      '192.0.2.1',
      '192.88.99.1',
      '192.168.1.1',
      '198.18.0.1',
      '198.19.9.9',
      '198.51.100.7',
      '203.0.113.9',
    ],
    ...['224.0.0.1', '239.1.1.1', '240.0.0.1', '255.255.255.255'],
    ...['::', '::1', '::7f00:1', '::127.0.0.1', '::8.8.8.8', '::ffff:127.0.0.1', '::ffff:a00:1', '::FFFF:192.168.0.1'],
    ...[
      '64:ff9b::7f00:1',
      '64:ff9b:1::1',
      '100::1',
      '2001::1',
      '2001:10::1',
      '2001:20::1',
      '2001:db8::1',
      '2002:7f00:1::',
    ],
    ...[
      '3fff::1',
      'fc00::1',
      'fd12::1',
      'fe80::1',
      'fe80::1%eth0',
      '2606:4700::1%eth0',
      'fec0::1',
      'ff02::1',
      '4000::1',
    ],
    ...['', 'localhost', '127.1', '0x7f000001', '2130706433', '8.8.8.8 ', '[::1]'],
  ])('"%s" is not', (ip) => {
    expect(isPublicAddress(ip)).toBe(false);
  });

  test('an IPv4 address and its mapped spelling are judged alike', () => {
    const octets = fc.tuple(...[0, 1, 2, 3].map(() => fc.integer({ min: 0, max: 255 })));
    fc.assert(
      fc.property(octets, (four) => {
        const plain = four.join('.');
        const pairs = four.map((octet) => octet.toString(16).padStart(2, '0')).join('');
        const groups = `${pairs.slice(0, 4)}:${pairs.slice(4)}`;
        expect(isPublicAddress(`::ffff:${plain}`)).toBe(isPublicAddress(plain));
        expect(isPublicAddress(`0:0:0:0:0:ffff:${groups}`)).toBe(isPublicAddress(plain));
        expect(isPublicAddress(`2002:${groups}::`)).toBe(false);
      }),
    );
  });
});

describe('the list of what the operator opens', () => {
  const { allow, problems } = parseAllowList(['rsshub.lan:1200', ' 100.64.0.0/10', '[fd00::1]:8080', 'fd12::/16', '']);

  test('reads hosts with ports and ranges', () => {
    expect(problems).toEqual([]);
    expect(isAllowListed(new URL('http://RSSHub.lan.:1200/x'), allow)).toBe(true);
    expect(isAllowedAddress('10.0.0.1', { host: 'rsshub.lan', port: 1200 }, allow)).toBe(true);
    expect(isAllowedAddress('100.100.1.1', { host: 'any.example', port: 80 }, allow)).toBe(true);
    expect(isAllowedAddress('fd12::7', { host: 'any.example', port: 443 }, allow)).toBe(true);
    expect(isAllowListed(new URL('http://[fd00:0::1]:8080/'), allow)).toBe(true);
    expect(isAllowedAddress('100.100.1.1', { host: '100.100.1.1', port: 8080 }, allow)).toBe(true);
    expect(isAllowedAddress('fd00::1', { host: 'fd00::1', port: 8080 }, allow)).toBe(true);
  });

  test('opens nothing else', () => {
    expect(isAllowListed(new URL('http://rsshub.lan:1201/'), allow)).toBe(false);
    expect(isAllowedAddress('8.8.8.8', { host: 'rsshub.lan', port: 1201 }, allow)).toBe(false);
    expect(isAllowedAddress('8.8.8.8', { host: 'rsshub.lan', port: 80 }, allow)).toBe(true);
    expect(isAllowedAddress('10.0.0.1', { host: 'rsshub.lan', port: 80 }, allow)).toBe(false);
    expect(isAllowedAddress('10.0.0.1', { host: 'other.lan', port: 1200 }, allow)).toBe(false);
    expect(isAllowedAddress('fd12::7%eth0', { host: 'any.example', port: 443 }, allow)).toBe(false);
    expect(isAllowedAddress('127.0.0.1', { host: 'any.example', port: 80 }, NOTHING_ALLOWED)).toBe(false);
  });

  test.each([
    'rsshub.lan',
    'host:0',
    'host:99999',
    '10.0.0.0/33',
    '10.0.0/8',
    '::/129',
    'http://a:80',
    'a:b',
    'user@a:80',
    '/8',
  ])('reports "%s" in words', (entry) => {
    expect(parseAllowList([entry]).problems).toEqual([expect.stringContaining(`"${entry}"`)]);
  });
});

describe('addresses as typed', () => {
  test.each(['https://a.example/', 'http://a.example:80/', 'https://a.example:443/', 'http://a.example:443/'])(
    '%s may be asked',
    (url) => {
      expect(isAllowedUrl(new URL(url))).toBe(true);
    },
  );

  test.each(['ftp://a.example/', 'file:///etc/passwd', 'https://u@a.example/', 'https://u:p@a.example/'])(
    '%s may not',
    (url) => {
      expect(isAllowedUrl(new URL(url))).toBe(false);
    },
  );
});
