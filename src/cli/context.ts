import type { Command } from 'commander';
import type { CliIo, CliParts, CliSession } from './session.js';

/** What every command is made with. */
export interface CliContext {
  readonly parts: CliParts;
  readonly io: CliIo;
  /** The exit code of a command that ends on its own terms. */
  readonly exitWith: (exitCode: number) => void;
}

/** Adds one group of commands. */
export type AddCommands = (program: Command, context: CliContext) => void;

export interface JsonOption {
  readonly json?: true;
}

/** Opens the database for as long as the work takes. */
export async function withSession({ parts }: CliContext, work: (session: CliSession) => Promise<void>): Promise<void> {
  const session = await parts.open();
  try {
    await work(session);
  } finally {
    await session.close();
  }
}

/** Writes the value as JSON if that was asked for, else the text. */
export function print(
  io: CliIo,
  { json }: JsonOption,
  output: { readonly value: unknown; readonly text: string },
): void {
  io.write(json ? `${JSON.stringify(output.value, null, 2)}\n` : output.text);
}
