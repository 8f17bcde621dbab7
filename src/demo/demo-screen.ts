import wrapAnsi from 'wrap-ansi';

/** Where the demo shows itself. */
export interface DemoIo {
  /** Standard output. */
  readonly write: (text: string) => void;
  /** Standard error. */
  readonly writeError: (text: string) => void;
  /** Both are terminals: a progress line can be drawn and wiped again. */
  readonly isTTY: boolean;
  readonly columns: number;
}

/** Text on standard output with one line of progress under it on standard error. */
export interface DemoScreen {
  /** What the bot says, and what is for programs to read; an empty line parts it from notes. */
  readonly message: (text: string) => void;
  /** What the demo itself says, for people only: nothing with `--json`. */
  readonly note: (text: string) => void;
  /** Replaces the line of progress. `done` of `total`, 0 of 0 while that is not known. */
  readonly progress: (text: string, done: number, total: number) => void;
  readonly clearProgress: () => void;
}

const WIPE_LINE = '\r\u001b[2K';
const BAR_CELLS = 20;

export function createDemoScreen(io: DemoIo, json: boolean): DemoScreen {
  let line = '';
  let afterNote = false;
  const draw = (next: string): void => {
    if (!io.isTTY || next === line) return;
    io.writeError(`${line === '' ? '' : WIPE_LINE}${next}`);
    line = next;
  };
  /** The line of progress is wiped before the text and drawn again after it. */
  const above = (text: string): void => {
    const kept = line;
    draw('');
    io.write(text);
    draw(kept);
  };
  return {
    message: (text) => {
      above(afterNote ? `\n${text}` : text);
      afterNote = false;
    },
    note: (text) => {
      if (json) return;
      above(`${wrapped(text, io.columns)}\n`);
      afterNote = true;
    },
    progress: (text, done, total) => {
      const bar = total > 0 ? `${progressBar(done, total)} ` : '';
      draw(`${bar}${text}`.slice(0, Math.max(io.columns - 1, 0)));
    },
    clearProgress: () => {
      draw('');
    },
  };
}

/** An indented line is an address to be copied: it stays whole. */
function wrapped(text: string, columns: number): string {
  return text
    .split('\n')
    .map((line) => (line.startsWith(' ') ? line : wrapAnsi(line, columns)))
    .join('\n');
}

function progressBar(done: number, total: number): string {
  const filled = Math.min(BAR_CELLS, Math.round((done / total) * BAR_CELLS));
  return `${'█'.repeat(filled)}${'░'.repeat(BAR_CELLS - filled)} ${String(done)}/${String(total)}`;
}
