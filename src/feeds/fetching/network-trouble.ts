import type { FetchFailure } from './fetch-outcome.js';
import { BLOCKED_ADDRESS } from './guarded-agent.js';

const TIMEOUTS = new Set(['UND_ERR_CONNECT_TIMEOUT', 'UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_BODY_TIMEOUT', 'ETIMEDOUT']);
const DNS_SYSCALLS = /^(?:getaddrinfo|query)/;
/** OpenSSL's verdicts on a certificate have no common prefix. */
const TLS_CODES =
  /^(?:ERR_TLS_|ERR_SSL_|CERT_|CRL_|EPROTO$|DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT|UNABLE_TO_|INVALID_CA|INVALID_PURPOSE|PATH_LENGTH_EXCEEDED|HOSTNAME_MISMATCH)/;
/** Sockets, HTTP parsing, undici and zlib: whatever else the other side can cause. */
const NETWORK_CODES =
  /^(?:E[A-Z]+$|HPE_|UND_ERR_|Z_|ERR_STREAM_|ERR__ERROR_|ERR_BROTLI|ERR_PADDING|ERR_[A-Z]*_?FORMAT)/;

/** What an error of the network means, or null if it is none: then it is a bug and must be seen. */
export function networkTrouble(error: unknown): FetchFailure | null {
  // Node tries several addresses of a host and reports all failures; the first names the trouble.
  const failures = fieldOf(error, 'errors');
  if (Array.isArray(failures) && failures.length > 0) return networkTrouble(failures[0]);
  const code = textOf(fieldOf(error, 'code'));
  if (code === BLOCKED_ADDRESS) return 'blocked-address';
  if (fieldOf(error, 'name') === 'TimeoutError' || TIMEOUTS.has(code)) return 'timeout';
  if (DNS_SYSCALLS.test(textOf(fieldOf(error, 'syscall')))) return 'dns';
  if (TLS_CODES.test(code)) return 'tls';
  return NETWORK_CODES.test(code) || fieldOf(error, 'name') === 'HTTPParserError' ? 'connection' : null;
}

/** Errors come from Node, undici and the platform, of several classes: what they share is the names of their fields. */
function fieldOf(error: unknown, name: string): unknown {
  return typeof error === 'object' && error !== null ? Reflect.get(error, name) : undefined;
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
