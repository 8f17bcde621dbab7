import { createHmac } from 'node:crypto';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { checkSignature } from '../../../../src/feeds/websub/push-signature.js';

const body = Buffer.from('<feed>caf\u00e9</feed>');
const sign = (method: string, secret = 'key', bytes: Uint8Array = body): string =>
  `${method}=${createHmac(method, secret).update(bytes).digest('hex')}`;

test.each(['sha1', 'sha256', 'sha384', 'sha512'])('%s proves who signed, in either case of letters', (method) => {
  expect(checkSignature(sign(method), body, 'key')).toBe('good');
  expect(checkSignature(sign(method).toUpperCase(), body, 'key')).toBe('good');
  expect(checkSignature(sign(method, 'other'), body, 'key')).toBe('bad');
  expect(checkSignature(sign(method), Buffer.from('<feed>cafe</feed>'), 'key')).toBe('bad');
});

/** RFC 4231 §4.3, test case 2. */
test('a published example holds', () => {
  const signature = 'sha256=5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843';
  expect(checkSignature(signature, Buffer.from('what do ya want for nothing?'), 'Jefe')).toBe('good');
});

test.each([null, '', '  '])('no signature is told from a bad one: %p', (header) => {
  expect(checkSignature(header, body, 'key')).toBe('missing');
});

test.each([
  ['a method nobody registered', sign('md5')],
  ['no method', sign('sha256').slice(7)],
  ['a method that names a longer digest', sign('sha1').replace('sha1', 'sha256')],
  ['a signature cut short', sign('sha256').slice(0, -1)],
  ['one digit too many', `${sign('sha256')}a`],
  ['a second signature', `${sign('sha256')}, ${sign('sha256')}`],
  ['nothing after the method', 'sha256='],
])('%s is bad', (_what, header) => {
  expect(checkSignature(header, body, 'key')).toBe('bad');
});

test('no text but the signature itself passes', () => {
  fc.assert(fc.property(fc.string(), (text) => checkSignature(`sha256=${text}`, body, 'key') !== 'good'));
});
