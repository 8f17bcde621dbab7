import { lookup as systemLookup } from 'node:dns/promises';
import { isIP, type LookupFunction, type Socket } from 'node:net';
import { Agent, buildConnector } from 'undici';
import { isAllowedAddress, type AllowList } from './address-guard.js';

/** All addresses of a host name. Rejects with Node's DNS errors (`ENOTFOUND`, `EAI_AGAIN`, …). */
export type Resolve = (hostname: string) => Promise<readonly { readonly address: string; readonly family: number }[]>;

export const systemResolve: Resolve = (hostname) => systemLookup(hostname, { all: true, verbatim: true });

/** The code of the error that a refused connection fails with. It does not say which address was found. */
export const BLOCKED_ADDRESS = 'ERR_BLOCKED_ADDRESS';

class BlockedAddressError extends Error {
  override readonly name = 'BlockedAddressError';
  readonly code = BLOCKED_ADDRESS;

  constructor() {
    super('this address may not be polled');
  }
}

export interface GuardedAgentOptions {
  readonly allow: AllowList;
  readonly resolve: Resolve;
  readonly connectMs: number;
  readonly firstByteMs: number;
  /** The longest silence within a body. */
  readonly silenceMs: number;
  readonly verifyTls: boolean;
}

/** Long enough for the next feed of the same host, shorter than the 5 s after which common servers hang up. */
const KEEP_ALIVE_MS = 4_000;
const PIECE_BYTES = 16 * 1024;

/**
 * Connects only where the operator allows. A name is resolved once, inside the connection, and the connection goes to
 * one of the addresses that were judged: a second answer (DNS rebinding) is never asked for. No proxy is ever used.
 */
export function createGuardedAgent(options: GuardedAgentOptions): Agent {
  return new Agent({
    connect: guardedConnector(options),
    headersTimeout: options.firstByteMs,
    bodyTimeout: options.silenceMs,
    keepAliveTimeout: KEEP_ALIVE_MS,
    keepAliveMaxTimeout: KEEP_ALIVE_MS,
    pipelining: 1,
  });
}

function guardedConnector(options: GuardedAgentOptions): buildConnector.connector {
  const connectors = new Map<number, buildConnector.connector>();
  return (target, callback) => {
    const goal = { host: target.hostname, port: Number(target.port || (target.protocol === 'https:' ? 443 : 80)) };
    // Node resolves no literal address, so the lookup below would never see one.
    const literal = goal.host.replace(/^\[|\]$/g, '');
    if (isIP(literal) !== 0 && !isAllowedAddress(literal, goal, options.allow)) {
      callback(new BlockedAddressError(), null);
      return;
    }
    const connect = connectors.get(goal.port) ?? connectorFor(goal.port, options);
    connectors.set(goal.port, connect);
    connect(target, (...connected) => {
      if (connected[1]) readInPieces(connected[1]);
      callback(...connected);
    });
  };
}

/**
 * The client reads a piece to its end, also where the headers in it have long been too many, and each one more is an
 * error of its own: what it is handed at once bounds for how long it holds up everything else.
 */
function readInPieces(socket: Socket): void {
  const read = socket.read.bind(socket) as (bytes?: number) => unknown;
  socket.read = () => (socket.destroyed ? null : read(Math.min(socket.readableLength, PIECE_BYTES) || undefined));
}

/** A lookup is told the name alone, and the port is part of the rule: one connector for each port, and its TLS sessions. */
function connectorFor(port: number, options: GuardedAgentOptions): buildConnector.connector {
  return buildConnector({
    timeout: options.connectMs,
    lookup: guardedLookup(port, options),
    rejectUnauthorized: options.verifyTls,
  });
}

/** Refuses a name if any of its answers is refused: a mixed answer is how a rebinding attack looks. */
function guardedLookup(port: number, { allow, resolve }: GuardedAgentOptions): LookupFunction {
  return (hostname, lookupOptions, callback) => {
    const settle = async () => {
      const found = await resolve(hostname);
      const [first] = found;
      if (!first || !found.every(({ address }) => isAllowedAddress(address, { host: hostname, port }, allow))) {
        throw new BlockedAddressError();
      }
      return { first, found: [...found] };
    };
    settle().then(
      ({ first, found }) => {
        if (lookupOptions.all) callback(null, found);
        else callback(null, first.address, first.family);
      },
      (error: unknown) => {
        callback(error as NodeJS.ErrnoException, []);
      },
    );
  };
}
