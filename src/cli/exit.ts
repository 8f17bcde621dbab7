/** Exit codes, after sysexits.h. */
export const EXIT = {
  ok: 0,
  /** What was typed makes no sense. */
  usage: 64,
  /** It makes sense, but what it names is not there or is no good: a page that is no feed, an unknown topic. */
  badInput: 65,
  /** Something else does not answer: the database, the queue, a feed. Later may help. */
  unavailable: 69,
  bug: 70,
  config: 78,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** Ends a command. The message is one line that says what to do. */
export class CliError extends Error {
  override readonly name = 'CliError';
  readonly exitCode: ExitCode;

  constructor(exitCode: ExitCode, message: string) {
    super(message);
    this.exitCode = exitCode;
  }
}
