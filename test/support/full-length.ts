import { env } from 'node:process';

/** `FULL=1` plays random suites at the length that their claims are made for; else at one that fits before each change. */
export function fullLength(full: number, usual: number): number {
  return env['FULL'] === undefined ? usual : full;
}
