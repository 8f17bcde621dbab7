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

/** Writes words with single spaces between them, and breaks only between words. A row of share links is taken back. */
export function createTextWriter(): TextWriter {
  const parts: string[] = [];
  const linkLines: string[] = [];
  let line = newLine(0, 0);
  let length = 0;
  let breaks = 0;
  let space = false;
  let preserved = 0;
  let marker = '';
  let rowIsNew = true;
  let freshCell = false;

  function endLine(): void {
    if (line.shares && line.besides !== null && isShareLabel(line.besides)) {
      parts.length = line.firstPart;
      breaks = Math.max(breaks, line.breaksBefore);
    } else if (line.onlyLinks && line.length > 0 && line.length <= MAX_ROW_LENGTH) {
      linkLines.push(parts.slice(line.firstPart).join('').trim());
    }
  }

  function separate(): void {
    if (breaks > 0 && line.length > 0) {
      endLine();
      const before = parts.length > 0 ? breaks : 0;
      line = newLine(parts.length, before);
      if (before > 0) parts.push('\n'.repeat(before));
    } else if (freshCell && line.length > 0) {
      parts.push(' | ');
    } else if (space && line.length > 0) {
      parts.push(' ');
    }
    breaks = 0;
    space = false;
    freshCell = false;
  }

  function push(part: string, place: Place): void {
    separate();
    parts.push(marker, part);
    marker = '';
    length += part.length;
    line.length += part.length;
    line.shares ||= place.inShareLink;
    line.onlyLinks &&= place.inLink;
    if (!place.inShareLink) line.besides = joined(line.besides, part);
  }

  return {
    write: (words, place) => {
      if (preserved > 0) {
        const kept = line.length === 0 || breaks > 0 ? words.replace(/^\s*\n/, '') : words;
        if (kept !== '') push(kept, place);
        return;
      }
      const trimmed = words.trim();
      space ||= words !== trimmed && /^\s/.test(words);
      if (trimmed === '') return;
      push(/[^\S ]|\s\s/.test(trimmed) ? trimmed.replace(/\s+/g, ' ') : trimmed, place);
      space = words !== trimmed && /\s$/.test(words);
    },
    breakLines: (count) => {
      // A paragraph at the start of a list item or of a cell stays on its line.
      if (marker === '' && !freshCell) breaks = Math.max(breaks, count);
      space = false;
    },
    startRow: () => {
      rowIsNew = true;
      freshCell = false;
      breaks = Math.max(breaks, 1);
    },
    startCell: () => {
      // A long line before is the main column of a page laid out by a table.
      freshCell = !rowIsNew && line.length > 0 && line.length <= MAX_ROW_LENGTH;
      if (freshCell) breaks = 0;
      else breaks = Math.max(breaks, 1);
      rowIsNew = false;
    },
    endCell: () => {
      freshCell = false;
    },
    mark: (next) => {
      marker = next;
    },
    preserve: (on) => {
      preserved += on ? 1 : -1;
    },
    length: () => length,
    result: () => {
      endLine();
      line = newLine(parts.length, 0);
      return { text: parts.join('').trimEnd().slice(0, MAX_TEXT_LENGTH), linkLines };
    },
  };
}

function newLine(firstPart: number, breaksBefore: number): Line {
  return { firstPart, breaksBefore, length: 0, shares: false, onlyLinks: true, besides: '' };
}

function joined(before: string | null, part: string): string | null {
  return before === null || before.length + part.length > MAX_ROW_LENGTH ? null : `${before} ${part}`;
}
