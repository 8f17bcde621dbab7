import { isUtf8 } from 'node:buffer';
import iconv from 'iconv-lite';
import { detectEncoding } from './detect-encoding.js';

/** The first bytes of Unicode forms: byte order marks, then "<" as each form writes it. Longer marks stand first. */
const SIGNATURES: readonly (readonly [bytes: readonly number[], encoding: string])[] = [
  [[0xef, 0xbb, 0xbf], 'utf-8'],
  [[0xff, 0xfe, 0, 0], 'utf-32le'],
  [[0, 0, 0xfe, 0xff], 'utf-32be'],
  [[0xff, 0xfe], 'utf-16le'],
  [[0xfe, 0xff], 'utf-16be'],
  [[0x3c, 0, 0, 0], 'utf-32le'],
  [[0, 0, 0, 0x3c], 'utf-32be'],
  [[0x3c, 0], 'utf-16le'],
  [[0, 0x3c], 'utf-16be'],
];

/** Labels that browsers read as a superset, because publishers mean it (WHATWG Encoding §4.2). */
const SUPERSETS: Readonly<Record<string, string>> = {
  'iso-8859-1': 'windows-1252',
  'latin-1': 'windows-1252',
  latin1: 'windows-1252',
  'us-ascii': 'windows-1252',
  ascii: 'windows-1252',
  'iso-8859-9': 'windows-1254',
  'iso-8859-11': 'windows-874',
  gb2312: 'gb18030',
  gbk: 'gb18030',
};

/** Encodings that hide behind seven bits: their bytes are valid UTF-8 too, so only the label can tell. */
const SEVEN_BIT = /^(?:iso-2022-|hz-|utf-7)/;
/** Known to the platform and not to iconv-lite, which in turn reads windows-1252 as Node 20 cannot. */
const PLATFORM_ONLY = new Set(['iso-2022-jp']);
const FALLBACK = 'windows-1252';
const DECLARATION = /^\s*<\?xml[^>]{1,500}?\sencoding\s*=\s*["']([\w.:-]{2,40})["']/;

/**
 * The text of a feed: by its byte order mark, else as UTF-8 if that is what the bytes are (labels lie more often), else
 * by the HTTP label, the XML declaration, what the bytes look like, and last windows-1252.
 */
export function decodeBody(body: Uint8Array, contentType: string | null): string {
  const signature = SIGNATURES.find(([bytes]) => bytes.every((byte, index) => body[index] === byte));
  if (signature) return decoded(body, signature[1]).replace(/^\ufeff/, '');

  const labels = [httpLabel(contentType), declaredLabel(body)].flatMap((label) => label ?? []);
  const sevenBit = labels.find((label) => SEVEN_BIT.test(label));
  if (sevenBit !== undefined && body.every((byte) => byte < 0x80)) return decoded(body, sevenBit);
  const utf8 = validUtf8(body);
  if (utf8 !== null) return utf8;

  const others = labels.filter((one) => !/^(?:utf|ucs)/.test(one));
  const label = others.find((one) => one !== FALLBACK) ?? others[0] ?? null;
  return label === null ? unlabelled(body, labels.includes('utf-8')) : decoded(body, overruled(body, label));
}

/** Nothing has to be guessed or converted: the text is there at once. */
export function isPlainUtf8(body: Uint8Array, contentType: string | null): boolean {
  const labels = [httpLabel(contentType), declaredLabel(body)];
  return isUtf8(body) && !labels.some((label) => label !== null && SEVEN_BIT.test(label));
}

/** Servers and templates label as Western what they know nothing about. */
function overruled(body: Uint8Array, label: string): string {
  const seems = label === FALLBACK ? detectEncoding(body, true) : null;
  return seems !== null && isSingleOrMultiByte(seems) ? seems : label;
}

function unlabelled(body: Uint8Array, saysUtf8: boolean): string {
  const seems = detectEncoding(body, false);
  if (seems !== null && isSingleOrMultiByte(seems)) return decoded(body, seems);
  return saysUtf8 || seems === 'utf-8' ? brokenUtf8(body) : decoded(body, FALLBACK);
}

/** Neither Western, which is what is assumed anyway, nor a form of Unicode, which would have been seen before. */
function isSingleOrMultiByte(encoding: string): boolean {
  return !/^(?:iso-8859-1|windows-1252|ascii|utf-.*)$/.test(encoding) && iconv.encodingExists(encoding);
}

function httpLabel(contentType: string | null): string | null {
  return known(/;\s*charset\s*=\s*["']?([\w.:-]{2,40})/i.exec(contentType ?? '')?.[1]);
}

function declaredLabel(body: Uint8Array): string | null {
  return known(DECLARATION.exec(Buffer.from(body.subarray(0, 1024)).toString('latin1'))?.[1]);
}

function known(label: string | undefined): string | null {
  const name = label?.toLowerCase() ?? '';
  const encoding = SUPERSETS[name] ?? (name === 'utf8' ? 'utf-8' : name);
  return iconv.encodingExists(encoding) || PLATFORM_ONLY.has(encoding) ? encoding : platformName(encoding);
}

/** The many other labels that browsers know ("x-euc-jp", "iso-8859-8-i"). */
function platformName(label: string): string | null {
  try {
    const { encoding } = new TextDecoder(label);
    return iconv.encodingExists(encoding) ? encoding : null;
  } catch {
    return null;
  }
}

function decoded(body: Uint8Array, encoding: string): string {
  return PLATFORM_ONLY.has(encoding)
    ? new TextDecoder(encoding).decode(body)
    : iconv.decode(Buffer.from(body), encoding);
}

function validUtf8(body: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(body);
  } catch {
    return null;
  }
}

const UTF8_SEQUENCES =
  /(?:[\xc2-\xdf][\x80-\xbf]|\xe0[\xa0-\xbf][\x80-\xbf]|[\xe1-\xec\xee\xef][\x80-\xbf]{2}|\xed[\x80-\x9f][\x80-\xbf]|\xf0[\x90-\xbf][\x80-\xbf]{2}|[\xf1-\xf3][\x80-\xbf]{3}|\xf4[\x80-\x8f][\x80-\xbf]{2})+/g;

/** UTF-8 with islands of windows-1252: what pasted quotation marks make of a page. */
function brokenUtf8(body: Uint8Array): string {
  const bytes = Buffer.from(body).toString('latin1');
  const parts: string[] = [];
  let end = 0;
  for (const sequence of bytes.matchAll(UTF8_SEQUENCES)) {
    parts.push(fallbackText(bytes.slice(end, sequence.index)), Buffer.from(sequence[0], 'latin1').toString('utf8'));
    end = sequence.index + sequence[0].length;
  }
  return parts.join('') + fallbackText(bytes.slice(end));
}

function fallbackText(latin1: string): string {
  return decoded(Buffer.from(latin1, 'latin1'), FALLBACK);
}
