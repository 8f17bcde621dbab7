import type { WriteStream } from 'node:tty';
import pc from 'picocolors';
import type { CliIo } from './session.js';

/** A pipe has no width: tables in it are never cut. */
const NO_LIMIT = 10_000;

/** The command line on real streams. */
export function createIo(output: WriteStream, errors: WriteStream): CliIo {
  const isTTY = output.isTTY && errors.isTTY;
  output.on('error', endQuietlyOnClosedPipe);
  return {
    write: (text) => {
      output.write(text);
    },
    writeError: (text) => {
      errors.write(text);
    },
    isTTY,
    columns: isTTY ? output.columns : NO_LIMIT,
    colour: isTTY && pc.isColorSupported,
  };
}

/** `tidings feed list | head` closes the pipe early, which is no error. */
function endQuietlyOnClosedPipe(error: NodeJS.ErrnoException): void {
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
}
