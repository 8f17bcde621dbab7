import { createInterface } from 'node:readline/promises';
import type { ReadStream, WriteStream } from 'node:tty';
import pc from 'picocolors';
import type { CliIo } from './session.js';

/** A pipe has no width: tables in it are never cut. */
const NO_LIMIT = 10_000;

export interface Streams {
  readonly input: ReadStream;
  readonly output: WriteStream;
  readonly errors: WriteStream;
}

/** The command line on real streams; `interrupted` is how it learns of Ctrl-C. */
export function createIo({ input, output, errors }: Streams, interrupted: () => AbortSignal): CliIo {
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
    ask: (question) => (isTTY && input.isTTY ? ask(input, errors, question) : Promise.resolve(null)),
    interrupted,
  };
}

/** `tidings feed list | head` closes the pipe early, which is no error. */
function endQuietlyOnClosedPipe(error: NodeJS.ErrnoException): void {
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
}

/** Plain readline: a number is quickest typed, and works in any terminal and with any screen reader. */
function ask(input: ReadStream, output: WriteStream, question: string): Promise<string> {
  const lines = createInterface({ input, output });
  return new Promise((resolve) => {
    const end = (answer: string): void => {
      resolve(answer);
      lines.close();
    };
    // Ctrl-C and Ctrl-D both mean "none of these".
    lines.once('SIGINT', () => {
      output.write('\n');
      end('');
    });
    lines.once('close', () => {
      resolve('');
    });
    void lines.question(question).then(end);
  });
}
