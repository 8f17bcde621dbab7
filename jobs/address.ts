import { ConfigError } from '../src/errors.js';
import { errorText } from '../src/log.js';

/** "127.0.0.1:6379" */
export function hostOf(url: string): string {
  return new URL(url).host;
}

/** The address as an operator may see it in a log: no user, password or parameters. */
export function withoutSecrets(url: string): string {
  const { protocol, host, pathname } = new URL(url);
  return `${protocol}//${host}${pathname}`;
}

/** "ECONNREFUSED", or what the error says when it has no code. */
export function codeOf(error: unknown): string {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : errorText(error);
}

const ADVICE = {
  REDIS_URL: 'start Redis, correct REDIS_URL, or unset it to use PostgreSQL as the queue.',
  DATABASE_URL: 'start PostgreSQL or correct DATABASE_URL.',
};

/** What an operator reads when a server they named does not answer. */
export function silent(name: keyof typeof ADVICE, url: string, error: unknown): ConfigError {
  return new ConfigError([`${name}=${withoutSecrets(url)} does not answer (${codeOf(error)}): ${ADVICE[name]}`]);
}
