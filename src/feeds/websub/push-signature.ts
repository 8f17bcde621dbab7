import { createHmac, timingSafeEqual } from 'node:crypto';

const SIGNATURE = /^(sha1|sha256|sha384|sha512)=([\da-f]+)$/i;

/**
 * What `X-Hub-Signature` says of a pushed body (WebSub §7.1): `method=hex`, an HMAC of the bytes as they came, keyed with
 * our secret. A method that nobody registered proves nothing. Takes as long for a near miss as for a far one.
 */
export function checkSignature(header: string | null, body: Uint8Array, secret: string): 'good' | 'bad' | 'missing' {
  if (header === null || header.trim() === '') return 'missing';
  const [, method = '', hex = ''] = SIGNATURE.exec(header.trim()) ?? [];
  if (method === '') return 'bad';
  const wanted = createHmac(method.toLowerCase(), secret).update(body).digest();
  const given = Buffer.from(hex, 'hex');
  return given.length === wanted.length && hex.length === wanted.length * 2 && timingSafeEqual(given, wanted)
    ? 'good'
    : 'bad';
}
