import Table from 'cli-table3';
import pc from 'picocolors';
import type { CliIo } from './session.js';

const GAP = '  ';
const NARROWEST = 8;
const BARE = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  'left-mid': '',
  mid: '',
  'mid-mid': '',
  right: '',
  'right-mid': '',
  middle: GAP,
};

/** Columns side by side, no wider than the terminal: the widest give way first. Ends with a line feed. */
export function table(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  io: Pick<CliIo, 'columns' | 'colour'>,
): string {
  const cells = rows.map((row) => row.map(oneLine));
  const natural = head.map((name, column) => Math.max(name.length, ...cells.map((row) => row[column]?.length ?? 0)));
  const colWidths = fit(natural, io.columns - GAP.length * (head.length - 1));
  const { bold } = pc.createColors(io.colour);
  const drawn = new Table({
    head: head.map((name) => bold(name)),
    chars: BARE,
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0 },
    colWidths,
    wordWrap: colWidths.some((width, column) => width < (natural[column] ?? 0)),
    wrapOnWordBoundary: false,
  });
  drawn.push(...cells);
  return `${drawn.toString().replace(/[ ]+$/gm, '')}\n`;
}

/** Text from a feed cannot move the cursor, colour the terminal or turn the line around. */
export function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\u202a-\u202e\u2066-\u2069]+/gu, ' ').trim();
}

/** Widths that add up to at most `available`, taken from the widest column first. */
export function fit(natural: readonly number[], available: number): number[] {
  const widths = [...natural];
  const sum = (): number => widths.reduce((total, width) => total + width, 0);
  while (sum() > available) {
    const widest = widths.indexOf(Math.max(...widths));
    const width = widths[widest] ?? 0;
    if (width <= NARROWEST) break;
    widths[widest] = width - 1;
  }
  return widths;
}
