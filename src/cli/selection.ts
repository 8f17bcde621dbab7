import { CliError, EXIT } from './exit.js';

/** What was chosen from a numbered list: "2", "1,3", "2-4", "all", or nothing. @throws CliError for anything else. */
export function readSelection<T>(typed: string, from: readonly T[]): readonly T[] {
  const text = typed.trim().toLowerCase();
  if (text === '' || text === 'none') return [];
  if (text === 'all' || text === 'a') return from;
  const chosen = text.split(/[\s,]+/).flatMap((part) => numbersOf(part));
  const isOffered = (number: number): boolean => number >= 1 && number <= from.length;
  if (chosen.every(isOffered)) return from.filter((_one, index) => chosen.includes(index + 1));
  throw new CliError(
    EXIT.usage,
    `"${typed.trim()}" is none of these. Type numbers from 1 to ${String(from.length)}, or all`,
  );
}

/** Zero stands for what is no number and no range. */
function numbersOf(part: string): number[] {
  const [, first = '', last = first] = /^(\d{1,3})(?:-(\d{1,3}))?$/.exec(part) ?? [];
  if (first === '') return [0];
  return Array.from({ length: Math.max(Number(last) - Number(first) + 1, 1) }, (_one, index) => Number(first) + index);
}
