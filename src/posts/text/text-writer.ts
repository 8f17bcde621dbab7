import { isShareLabel } from './share-rows.js';

export const MAX_TEXT_LENGTH = 200_000;
/** A longer line is prose: no row of links or table is looked for in it. */
const MAX_ROW_LENGTH = 300;

/** Where words stand. */
export interface Place {
  readonly inLink: boolean;
  /** In a link that shares the page. */
  readonly inShareLink: boolean;
}

export interface WrittenText {
  readonly text: string;
  /** Lines, trimmed, that hold nothing but links. */
  readonly linkLines: readonly string[];
}

export interface TextWriter {
  readonly write: (words: string, place: Place) => void;
  /** At least this many line ends before the next word. */
  readonly breakLines: (count: number) => void;
  readonly startRow: () => void;
  /** The next words stand beside those of the cell before. */
  readonly startCell: () => void;
  readonly endCell: () => void;
  /** Stands right before the next word, on its line; nothing is written if no word comes. */
  readonly mark: (marker: string) => void;
  /** Within `pre`, white space is kept as it stands. */
  readonly preserve: (on: boolean) => void;
  readonly length: () => number;
  readonly result: () => WrittenText;
}

/** The line that is being written. */
interface Line {
  readonly firstPart: number;
  readonly breaksBefore: number;
  length: number;
  shares: boolean;
  onlyLinks: boolean;
  /** What stands outside of links that share; null once it is too long for a label. */
  besides: string | null;
}

/** What stands between the last word and the next one. */
interface Gap {
  breaks: number;
  space: boolean;
  cell: boolean;
}

/** Writes words with single spaces between them, and breaks only between words. A row of share links is taken back. */
export function createTextWriter(): TextWriter {
  const gap: Gap = { breaks: 0, space: false, cell: false };
  const lines = createLines(gap);
  let preserved = 0;
  let rowIsNew = true;

  return {
    write: (words, place) => {
      if (preserved === 0) writeWords(words, place, { lines, gap });
      else writePreserved(words, place, { lines, gap });
    },
    breakLines: (count) => {
      // A paragraph at the start of a list item or of a cell stays on its line.
      if (!lines.isMarked() && !gap.cell) gap.breaks = Math.max(gap.breaks, count);
      gap.space = false;
    },
    startRow: () => {
      rowIsNew = true;
      gap.cell = false;
      gap.breaks = Math.max(gap.breaks, 1);
    },
    startCell: () => {
      // A long line before is the main column of a page laid out by a table.
      gap.cell = !rowIsNew && lines.lineLength() > 0 && lines.lineLength() <= MAX_ROW_LENGTH;
      gap.breaks = gap.cell ? 0 : Math.max(gap.breaks, 1);
      rowIsNew = false;
    },
    endCell: () => {
      gap.cell = false;
    },
    mark: lines.mark,
    preserve: (on) => {
      preserved += on ? 1 : -1;
    },
    length: lines.length,
    result: lines.result,
  };
}

interface Written {
  readonly lines: Lines;
  readonly gap: Gap;
}

function writeWords(words: string, place: Place, { lines, gap }: Written): void {
  const trimmed = words.trim();
  gap.space ||= words !== trimmed && /^\s/.test(words);
  if (trimmed === '') return;
  lines.push(/[^\S ]|\s\s/.test(trimmed) ? trimmed.replace(/\s+/g, ' ') : trimmed, place);
  gap.space = words !== trimmed && /\s$/.test(words);
}

function writePreserved(words: string, place: Place, { lines, gap }: Written): void {
  const kept = lines.lineLength() === 0 || gap.breaks > 0 ? words.replace(/^\s*\n/, '') : words;
  if (kept !== '') lines.push(kept, place);
}

interface Lines {
  readonly push: (part: string, place: Place) => void;
  readonly mark: (marker: string) => void;
  readonly isMarked: () => boolean;
  readonly lineLength: () => number;
  readonly length: () => number;
  readonly result: () => WrittenText;
}

function createLines(gap: Gap): Lines {
  const parts: string[] = [];
  const linkLines: string[] = [];
  let line = newLine(0, 0);
  let length = 0;
  let marker = '';

  function endLine(): void {
    if (line.shares && line.besides !== null && isShareLabel(line.besides)) {
      parts.length = line.firstPart;
      gap.breaks = Math.max(gap.breaks, line.breaksBefore);
    } else if (line.onlyLinks && line.length > 0 && line.length <= MAX_ROW_LENGTH) {
      linkLines.push(parts.slice(line.firstPart).join('').trim());
    }
  }

  function separate(): void {
    if (line.length === 0) return;
    if (gap.breaks > 0) {
      endLine();
      const before = parts.length > 0 ? gap.breaks : 0;
      line = newLine(parts.length, before);
      parts.push('\n'.repeat(before));
    } else if (gap.cell || gap.space) {
      parts.push(gap.cell ? ' | ' : ' ');
    }
  }

  return {
    push: (part, place) => {
      separate();
      Object.assign(gap, { breaks: 0, space: false, cell: false });
      parts.push(marker, part);
      marker = '';
      length += part.length;
      addTo(line, part, place);
    },
    mark: (next) => {
      marker = next;
    },
    isMarked: () => marker !== '',
    lineLength: () => line.length,
    length: () => length,
    result: () => {
      endLine();
      return { text: parts.join('').trimEnd().slice(0, MAX_TEXT_LENGTH), linkLines };
    },
  };
}

function addTo(line: Line, part: string, { inLink, inShareLink }: Place): void {
  line.length += part.length;
  line.shares ||= inShareLink;
  line.onlyLinks &&= inLink;
  if (!inShareLink) line.besides = joined(line.besides, part);
}

function newLine(firstPart: number, breaksBefore: number): Line {
  return { firstPart, breaksBefore, length: 0, shares: false, onlyLinks: true, besides: '' };
}

function joined(before: string | null, part: string): string | null {
  return before === null || before.length + part.length > MAX_ROW_LENGTH ? null : `${before} ${part}`;
}
