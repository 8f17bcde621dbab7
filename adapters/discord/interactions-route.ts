import { createPublicKey, verify, type KeyObject } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { InteractionResponseType, InteractionType, type APIInteraction } from 'discord.js';
import type { HttpRoute } from '../../src/chat/http-route.js';
import { ConfigError } from '../../src/errors.js';
import { errorText, type Logger } from '../../src/log.js';
import { isAnswerable, type Deferral, type SendDeferral } from './interactions.js';
import type { CommandInteraction } from './commands.js';

const MAX_BODY_BYTES = 256 * 1024;
/** DER prefix of an Ed25519 public key (RFC 8410), to which Discord's 32 raw bytes are appended. */
const ED25519_PREFIX = Buffer.from('302a300506032b6570032100', 'hex');

export interface InteractionsRouteDeps {
  /** 64 hex digits, from the developer portal. */
  readonly publicKey: string;
  readonly log: Logger;
  /** False before `start`: the answer is 503. */
  readonly isOpen: () => boolean;
  readonly onInteraction: (interaction: CommandInteraction, sendDeferral: SendDeferral) => void;
}

/** Discord's interactions endpoint (docs: interactions/receiving-and-responding). Signatures cover the raw bytes. */
export function createInteractionsRoute(deps: InteractionsRouteDeps): HttpRoute {
  const key = readKey(deps.publicKey);
  return {
    method: 'POST',
    path: '/discord/interactions',
    handle: (request, response) => {
      receive(deps, key, { request, response }).catch((error: unknown) => {
        deps.log.warn('discord.interactions.unreadable', { error: errorText(error) });
        response.destroy();
      });
    },
  };
}

/** @throws ConfigError if the text is no Ed25519 public key. */
function readKey(hex: string): KeyObject {
  if (!/^[0-9a-f]{64}$/i.test(hex)) {
    throw new ConfigError([
      'DISCORD_PUBLIC_KEY must be the 64 hex digits shown as "Public Key" in the developer portal.',
    ]);
  }
  return createPublicKey({
    key: Buffer.concat([ED25519_PREFIX, Buffer.from(hex, 'hex')]),
    format: 'der',
    type: 'spki',
  });
}

interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

async function receive(deps: InteractionsRouteDeps, key: KeyObject, exchange: Exchange): Promise<void> {
  const { request, response } = exchange;
  if (!deps.isOpen()) return refuse(exchange, 503);
  const body = await readBody(request);
  if (body === null) return refuse(exchange, 413);
  if (!isSigned(request, body, key)) return refuse(exchange, 401);

  const interaction = parseInteraction(body);
  if (interaction === null) return refuse(exchange, 400);
  if (interaction.type === InteractionType.Ping) return answer(response, { type: InteractionResponseType.Pong });
  if (!isAnswerable(interaction)) return refuse(exchange, 400);
  deps.onInteraction(interaction, (deferral) => answer(response, deferral));
}

/** Null when the body is too large; the rest of it stays unread. */
function readBody(request: IncomingMessage): Promise<Buffer | null> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > MAX_BODY_BYTES) {
        request.pause();
        resolve(null);
      } else chunks.push(chunk);
    });
    request.once('end', () => {
      resolve(Buffer.concat(chunks));
    });
    request.once('error', reject);
  });
}

function isSigned({ headers }: IncomingMessage, body: Buffer, key: KeyObject): boolean {
  const signature = headers['x-signature-ed25519'];
  const timestamp = headers['x-signature-timestamp'];
  if (typeof signature !== 'string' || typeof timestamp !== 'string') return false;
  return verify(null, Buffer.concat([Buffer.from(timestamp), body]), key, Buffer.from(signature, 'hex'));
}

function parseInteraction(body: Buffer): APIInteraction | null {
  try {
    return JSON.parse(body.toString('utf8')) as APIInteraction | null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

/** Resolves once the answer is out: the message it promises cannot be edited before Discord has read it. */
function answer(
  response: ServerResponse,
  body: Deferral | { readonly type: InteractionResponseType.Pong },
): Promise<void> {
  return new Promise((resolve, reject) => {
    response.once('error', reject);
    response.once('close', () => {
      if (response.writableFinished) resolve();
      else reject(new Error('connection closed before the answer was out'));
    });
    response.once('finish', resolve);
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  });
}

function refuse({ response }: Exchange, status: number): Promise<void> {
  response.writeHead(status, { 'content-type': 'text/plain', connection: 'close' }).end();
  return Promise.resolve();
}
