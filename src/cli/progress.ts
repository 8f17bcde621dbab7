import type { CliIo } from './session.js';

export interface Progress {
  /** One more is done; `line` says what came of it. */
  readonly tick: (line: string) => void;
  /** Takes the bar away. */
  readonly end: () => void;
}

const BAR_WIDTH = 24;
const CLEAR_LINE = '\r\u001b[2K';

/** Lines as work is done, with a bar below them at a terminal. */
export function createProgress(io: CliIo, label: string, total: number): Progress {
  let done = 0;
  const bar = (): string => {
    const filled = total === 0 ? BAR_WIDTH : Math.floor((done / total) * BAR_WIDTH);
    return `${label} [${'#'.repeat(filled)}${'-'.repeat(BAR_WIDTH - filled)}] ${String(done)}/${String(total)}`;
  };
  if (io.isTTY) io.write(bar());
  return {
    tick: (line) => {
      done += 1;
      const told = line === '' ? '' : `${line}\n`;
      if (io.isTTY) io.write(`${CLEAR_LINE}${told}${bar()}`);
      else if (told !== '') io.write(`${String(done)}/${String(total)} ${told}`);
    },
    end: () => {
      if (io.isTTY) io.write(CLEAR_LINE);
    },
  };
}

export const SILENT: Progress = { tick: () => undefined, end: () => undefined };
