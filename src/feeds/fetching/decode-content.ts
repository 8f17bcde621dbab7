import zlib from 'node:zlib';
import type { FetchFailure } from './fetch-outcome.js';

export type DecodedContent =
  | { readonly kind: 'decoded'; readonly body: Uint8Array }
  | { readonly kind: 'failed'; readonly reason: Extract<FetchFailure, 'too-large' | 'connection'> };

type Decode = (bytes: Buffer, maxBytes: number) => Promise<Buffer>;

interface Coding {
  readonly decode: Decode;
  /** Do these bytes bear the coding's mark? Null where it has none. */
  readonly marked: ((bytes: Buffer) => boolean) | null;
}

const MAX_CODINGS = 2;
const GZIP: Coding = { decode: unzip(zlib.gunzip), marked: (bytes) => bytes[0] === 0x1f && bytes[1] === 0x8b };
const ZSTD = zstd();
const CODINGS: ReadonlyMap<string, Coding> = new Map([
  ['gzip', GZIP],
  ['x-gzip', GZIP],
  ['br', { decode: unzip(zlib.brotliDecompress), marked: null }],
  ['deflate', { decode: inflate, marked: null }],
  ...(ZSTD ? [['zstd', ZSTD] as const] : []),
]);

export const ACCEPTED_CODINGS = ZSTD ? 'br, gzip, deflate, zstd' : 'br, gzip, deflate';

/**
 * Undoes the content codings of a whole body; null stands for a body that was too long to be kept. `maxBytes` counts
 * what a compressed bomb unfolds to, at each coding. Bytes and label may disagree: servers that say "gzip" and send
 * plain text, or compress twice, are many, and a reader is better served by the feed than by the fault.
 */
export async function decodeContent(
  raw: Buffer | null,
  contentEncoding: string | null,
  maxBytes: number,
): Promise<DecodedContent> {
  if (!raw) return { kind: 'failed', reason: 'too-large' };
  const codings = codingsOf(contentEncoding ?? '');
  if (!codings) return isMarkup(raw) ? { kind: 'decoded', body: raw } : { kind: 'failed', reason: 'connection' };
  try {
    return { kind: 'decoded', body: await undo(codings, raw, maxBytes) };
  } catch (error) {
    return { kind: 'failed', reason: failureOf(error) };
  }
}

async function undo(codings: readonly Coding[], raw: Buffer, maxBytes: number): Promise<Buffer> {
  let bytes = raw;
  for (const coding of codings) bytes = await undoOne(coding, bytes, maxBytes);
  return GZIP.marked?.(bytes) ? GZIP.decode(bytes, maxBytes) : bytes;
}

async function undoOne({ decode, marked }: Coding, bytes: Buffer, maxBytes: number): Promise<Buffer> {
  if (bytes.length === 0 || (marked && !marked(bytes))) return bytes;
  try {
    return await decode(bytes, maxBytes);
  } catch (error) {
    if (!marked && failureOf(error) === 'connection' && isOtherwiseReadable(bytes)) return bytes;
    throw error;
  }
}

/** Null if a coding is unknown or there are too many. The last coding applied is the first to be undone. */
function codingsOf(contentEncoding: string): Coding[] | null {
  const names = contentEncoding
    .toLowerCase()
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '' && name !== 'identity' && name !== 'none' && name !== 'utf-8');
  const codings = names.reverse().flatMap((name) => CODINGS.get(name) ?? []);
  return codings.length === names.length && codings.length <= MAX_CODINGS ? codings : null;
}

/** "deflate" means the zlib format (RFC 9110 §8.4.1.2), but some servers send the bare stream. */
function inflate(bytes: Buffer, maxBytes: number): Promise<Buffer> {
  const isZlib = ((bytes[0] ?? 0) & 0x0f) === 8 && bytes.length > 1 && bytes.readUInt16BE(0) % 31 === 0;
  return unzip(isZlib ? zlib.inflate : zlib.inflateRaw)(bytes, maxBytes);
}

type Unzip = (
  bytes: Buffer,
  options: { readonly maxOutputLength: number; readonly params?: Readonly<Record<number, number>> },
  done: (error: Error | null, result: Buffer) => void,
) => void;

function unzip(decoder: Unzip, params?: Readonly<Record<number, number>>): Decode {
  return (bytes, maxOutputLength) =>
    new Promise((resolve, reject) => {
      decoder(bytes, { maxOutputLength, ...(params && { params }) }, (error, result) => {
        if (error) reject(error);
        else resolve(result);
      });
    });
}

/** What this Node offers (22.15, 23.8 and later); its window is held to what HTTP allows, 8 MiB (RFC 9659). */
function zstd(): Coding | null {
  const decoder: unknown = Reflect.get(zlib, 'zstdDecompress');
  const windowLogMax: unknown = Reflect.get(zlib.constants, 'ZSTD_d_windowLogMax');
  if (typeof decoder !== 'function' || typeof windowLogMax !== 'number') return null;
  const decode = unzip(decoder as Unzip, { [windowLogMax]: 23 });
  return { decode, marked: (bytes) => bytes.length >= 4 && bytes.readUInt32LE(0) === 0xfd2fb528 };
}

function isOtherwiseReadable(bytes: Buffer): boolean {
  return isMarkup(bytes) || GZIP.marked?.(bytes) === true;
}

/** Does it begin as a feed or a page does? */
function isMarkup(bytes: Buffer): boolean {
  return /^(?:\u00ef\u00bb\u00bf)?\s*(?:<[?!a-z]|\{\s*")/i.test(bytes.toString('latin1', 0, 256));
}

function failureOf(error: unknown): 'too-large' | 'connection' {
  const { code } = error as NodeJS.ErrnoException;
  return code === 'ERR_BUFFER_TOO_LARGE' ? 'too-large' : 'connection';
}
