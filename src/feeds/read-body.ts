import { pipeline, Readable, type Transform } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate, createInflateRaw } from 'node:zlib';

/** What came of reading one response body. */
export type BodyOutcome =
  | { readonly kind: 'read'; readonly body: Uint8Array }
  | { readonly kind: 'too-large' }
  /** A content coding that was not asked for. */
  | { readonly kind: 'unknown-coding' };

export const ACCEPTED_CODINGS = 'br, gzip, deflate';
const MAX_CODINGS = 2;

/**
 * Reads a body to its end and undoes its content codings. The codings are undone here, not by the client, so that
 * `maxBytes` counts what a compressed bomb unfolds to. Rejects when the body breaks off or is damaged.
 */
export async function readBody(raw: Readable, contentEncoding: string | null, maxBytes: number): Promise<BodyOutcome> {
  const decoders = decodersFor(contentEncoding ?? '');
  if (!decoders) {
    discard(raw);
    return { kind: 'unknown-coding' };
  }
  return collect(
    decoders.reduce((stream, decode) => decode(stream), raw),
    maxBytes,
  );
}

/** Gives up a body that nobody will read, and the connection with it. */
export function discard(body: Readable): void {
  body.on('error', () => undefined);
  body.destroy();
}

async function collect(decoded: Readable, maxBytes: number): Promise<BodyOutcome> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of decoded as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    // Leaving the loop destroys the whole chain of streams down to the socket.
    if (bytes > maxBytes) return { kind: 'too-large' };
    chunks.push(chunk);
  }
  return { kind: 'read', body: Buffer.concat(chunks, bytes) };
}

type Decoder = (stream: Readable) => Readable;

const DECODERS: ReadonlyMap<string, Decoder> = new Map([
  ['gzip', through(createGunzip)],
  ['x-gzip', through(createGunzip)],
  ['br', through(createBrotliDecompress)],
  ['deflate', (stream) => Readable.from(inflated(stream), { objectMode: false })],
]);

/** Null if a coding is unknown or there are too many. The last coding applied is the first to be undone. */
function decodersFor(contentEncoding: string): Decoder[] | null {
  const codings = contentEncoding
    .toLowerCase()
    .split(',')
    .map((coding) => coding.trim())
    .filter((coding) => coding !== '' && coding !== 'identity');
  const decoders = codings.reverse().flatMap((coding) => DECODERS.get(coding) ?? []);
  return decoders.length === codings.length && codings.length <= MAX_CODINGS ? decoders : null;
}

function through(create: () => Transform): Decoder {
  return (stream) => joined(stream, create());
}

/** The decoder fails when its source does, and it is what a reader watches: the callback has nothing to add. */
function joined(source: Readable, decoder: Transform): Transform {
  return pipeline(source, decoder, () => undefined);
}

/** "deflate" means the zlib format (RFC 9110 §8.4.1.2), but some servers send the bare stream. */
async function* inflated(source: Readable): AsyncGenerator<Buffer> {
  const chunks = (source as AsyncIterable<Buffer>)[Symbol.asyncIterator]();
  const first = await chunks.next();
  if (first.done) return;
  const whole = Readable.from(withFirst(first.value, { [Symbol.asyncIterator]: () => chunks }), { objectMode: false });
  const decoder = isZlib(first.value) ? createInflate() : createInflateRaw();
  yield* joined(whole, decoder) as AsyncIterable<Buffer>;
}

async function* withFirst(first: Buffer, rest: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  yield first;
  yield* rest;
}

function isZlib(start: Buffer): boolean {
  return ((start[0] ?? 0) & 0x0f) === 8;
}
