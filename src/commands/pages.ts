import type { CommandCall, CommandOption, CommandSpec, ReplyButton } from '../chat/command.js';
import { commandText } from '../chat/parse-command.js';
import { UserError } from '../errors.js';

/** The option of every command that lists. */
export const PAGE_OPTION: CommandOption = {
  name: 'page',
  summary: 'Which page of the list, from 1',
  required: false,
  kind: 'integer',
};

/** Nobody reads further, and a database counts every row it skips. */
const LAST_PAGE = 200;
/** Discord keeps a button's command in 100 characters, of which an adapter may need some. */
const LONGEST_BUTTON = 90;

/** The page a caller asked for, 1 if they did not say. @throws UserError `bad-page`. */
export function askedPage({ options }: CommandCall): number {
  const asked = options[PAGE_OPTION.name] ?? '1';
  const page = /^\d{1,3}$/.test(asked) ? Number(asked) : NaN;
  if (page >= 1 && page <= LAST_PAGE) return page;
  throw new UserError('bad-page', `page: takes a number from 1 to ${String(LAST_PAGE)}, such as page:2`);
}

export interface Page<T> {
  readonly items: readonly T[];
  /** Counts from 1; the last page when a later one was asked for. */
  readonly page: number;
  readonly pages: number;
  /** How many items stand on earlier pages. */
  readonly before: number;
}

export function pageOf<T>(all: readonly T[], asked: number, size: number): Page<T> {
  const pages = Math.max(1, Math.ceil(all.length / size));
  const page = Math.min(asked, pages);
  const before = (page - 1) * size;
  return { items: all.slice(before, before + size), page, pages, before };
}

/** Buttons to the pages around this one. `options` are those that led here. */
export function pageButtons(
  spec: CommandSpec,
  options: CommandCall['options'],
  shown: { readonly page: number; readonly more: boolean },
): ReplyButton[] {
  const to = (label: string, page: number): ReplyButton[] =>
    button(label, commandText(spec, { ...options, [PAGE_OPTION.name]: page }));
  return [
    ...(shown.page > 1 ? to('◀ Previous', shown.page - 1) : []),
    ...(shown.more ? to('Next ▶', shown.page + 1) : []),
  ];
}

/** None when the command is too long for a button: what it does can still be typed. */
export function button(label: string, command: string): ReplyButton[] {
  return command.length <= LONGEST_BUTTON ? [{ label, command }] : [];
}
