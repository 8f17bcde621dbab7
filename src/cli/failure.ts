import { CommanderError } from 'commander';
import { ConfigError, UserError } from '../errors.js';
import { errorStack, errorText } from '../log.js';
import { CliError, EXIT, type ExitCode } from './exit.js';

interface Failure {
  readonly exitCode: ExitCode;
  /** Nothing to say when it was said already. */
  readonly text: string;
}

const DOES_NOT_ANSWER = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  '57P01',
  '57P03',
]);

/** What a command that threw comes to: the whole error handling of the command line. */
export function failureOf(error: unknown): Failure {
  if (error instanceof CommanderError) return { exitCode: error.exitCode === 0 ? EXIT.ok : EXIT.usage, text: '' };
  if (error instanceof CliError) return { exitCode: error.exitCode, text: error.message };
  if (error instanceof UserError) return { exitCode: EXIT.usage, text: error.message };
  if (error instanceof ConfigError) return { exitCode: EXIT.config, text: error.problems.join('\n') };
  if (DOES_NOT_ANSWER.has(codeOf(error))) {
    return {
      exitCode: EXIT.unavailable,
      text: `the database or the queue does not answer (${errorText(error)}). Check DATABASE_URL and REDIS_URL, then try again.`,
    };
  }
  return {
    exitCode: EXIT.bug,
    text: `this is a bug in Tidings; please report it with these lines.\n${errorStack(error)}`,
  };
}

function codeOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
}
