import { setTimeout as sleep } from 'node:timers/promises';
import { ConfigError } from '../errors.js';
import { codeOf, withClient } from './client.js';

const OLDEST_VERSION = 14;
const STARTING_UP = '57P03';
const STARTED_WITHIN_MS = 30_000;
const RETRY_MS = 500;

/** What to do, by code: Node's, OpenSSL's, or PostgreSQL's (https://www.postgresql.org/docs/current/errcodes-appendix.html). */
const REMEDIES: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there: start the server, or correct host and port',
  ENOTFOUND: 'there is no such host: correct the host name',
  EAI_AGAIN: 'the host name cannot be looked up now: check the network or the host name',
  ETIMEDOUT: 'the host does not answer: check the address and the firewall',
  EHOSTUNREACH: 'the host cannot be reached: check the address and the network',
  ECONNRESET: 'the server closed the connection: check that PostgreSQL listens on that port',
  '28P01': 'wrong user or password: correct them (write special characters as %XX)',
  '28000':
    'the server does not admit this user from here: check the user, pg_hba.conf, and whether it asks for sslmode=require',
  '3D000': 'there is no such database: create it with "createdb", or correct the name at the end of the URL',
  '42501': 'this user may not connect to that database: grant it the right to',
  '53300': 'the server has no free connection: raise its max_connections or close other clients',
  '57P03': 'the server is still starting up, or shutting down: try again in a moment',
  SELF_SIGNED_CERT_IN_CHAIN:
    'its certificate is not trusted: add sslrootcert=<file> to the URL, or use sslmode=no-verify',
  DEPTH_ZERO_SELF_SIGNED_CERT:
    'its certificate is not trusted: add sslrootcert=<file> to the URL, or use sslmode=no-verify',
};

/** Throws ConfigError, never showing the password, unless this server can be used. */
export async function checkServer(databaseUrl: string): Promise<void> {
  const place = placeOf(databaseUrl);
  const version = await versionOf(databaseUrl, place);
  if (version >= OLDEST_VERSION * 10_000) return;
  throw new ConfigError([
    `DATABASE_URL: the server at ${place} is PostgreSQL ${String(Math.floor(version / 10_000))}; ` +
      `Tidings needs ${String(OLDEST_VERSION)} or newer: upgrade it, or unset DATABASE_URL to use the embedded one.`,
  ]);
}

/** Host, port and database, without user and password. */
function placeOf(databaseUrl: string): string {
  const url = URL.canParse(databaseUrl) ? new URL(databaseUrl) : null;
  if (url && /^postgres(ql)?:$/.test(url.protocol)) return `${url.host}${url.pathname}`;
  throw new ConfigError([
    'DATABASE_URL is not a PostgreSQL URL: write postgres://user:password@host:5432/database ' +
      '(special characters of the password as %XX).',
  ]);
}

async function versionOf(databaseUrl: string, place: string): Promise<number> {
  const giveUpAt = Date.now() + STARTED_WITHIN_MS;
  for (;;) {
    try {
      return await askVersion(databaseUrl);
    } catch (error) {
      if (codeOf(error) !== STARTING_UP || Date.now() > giveUpAt) throw explained(error, place);
      await sleep(RETRY_MS);
    }
  }
}

async function askVersion(databaseUrl: string): Promise<number> {
  const { rows } = await withClient(databaseUrl, (client) =>
    client.query<{ version: string }>(/* sql */ `select current_setting('server_version_num') as version`),
  );
  return Number(rows[0]?.version);
}

function explained(error: unknown, place: string): ConfigError {
  const reason = error instanceof Error && error.message !== '' ? error.message : codeOf(error);
  const remedy = REMEDIES[codeOf(error)] ?? 'check the URL, and that the server runs and admits this user';
  return new ConfigError([`DATABASE_URL: cannot use ${place} (${reason}): ${remedy}.`]);
}
