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
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : errorText(error);
}
