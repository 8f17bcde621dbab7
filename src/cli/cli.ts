import { Command } from 'commander';
import type { CliContext } from './context.js';
import { addDigestCommand } from './digest-command.js';
import { failureOf } from './failure.js';
import { addFeedCommands } from './feed-commands.js';
import { ENVIRONMENT_HELP, EXIT_CODE_HELP } from './help.js';
import { addPauseCommands } from './pause-commands.js';
import { addReportCommands } from './report-commands.js';
import type { CliIo, CliParts } from './session.js';
import { addStartCommands } from './start-commands.js';
import { addSubscriptionCommands } from './subscription-commands.js';

/** `words` are what was typed after `tidings`. Returns the exit code; rejects for nothing. */
export async function runCli(parts: CliParts, io: CliIo, words: readonly string[]): Promise<number> {
  let exitCode = 0;
  const exitWith = (code: number): void => {
    exitCode = code;
  };
  try {
    await createCli({ parts, io, exitWith }).parseAsync(operandsLast(words), { from: 'user' });
  } catch (error) {
    const failure = failureOf(error);
    exitWith(failure.exitCode);
    if (failure.text) io.writeError(failure.text.replace(/^(?! )/gm, 'tidings: ').concat('\n'));
  }
  return exitCode;
}

function createCli(context: CliContext): Command {
  const { io } = context;
  const program = new Command('tidings')
    .description('Polls feeds, detects new unique posts, and tells Slack and Discord channels.')
    .version('0.1.0', '--version')
    .helpOption('-h, --help', 'this help, or that of one command')
    .helpCommand(false)
    .addHelpText('after', `\n${ENVIRONMENT_HELP}\n\n${EXIT_CODE_HELP}`)
    .exitOverride()
    .configureOutput({
      writeOut: io.write,
      writeErr: io.writeError,
      outputError: (text, write) => {
        write(asOneLine(text));
      },
      getOutHelpWidth: () => Math.min(io.columns, 120),
      getErrHelpWidth: () => Math.min(io.columns, 120),
      getOutHasColors: () => io.colour,
    });
  for (const add of [
    addStartCommands,
    addFeedCommands,
    addSubscriptionCommands,
    addDigestCommand,
    addPauseCommands,
    addReportCommands,
  ]) {
    add(program, context);
  }
  return program;
}

/** commander says "error: unknown option '--jsno'" and, on a second line, "(Did you mean --json?)". */
function asOneLine(text: string): string {
  const sentences = text
    .replace(/^error: /, '')
    .trim()
    .split('\n');
  const [said = '', ...advice] = sentences.map((sentence) => sentence.replace(/^\((.*)\)$/, '$1').replace(/\.$/, ''));
  return `tidings: ${[said, ...advice, 'See tidings --help'].join('. ').replaceAll('?.', '?')}.\n`;
}

/** Nothing means start. "-word" of a search is a word, not an option, so it goes behind "--". */
function operandsLast(words: readonly string[]): string[] {
  const [command, ...rest] = words;
  if (command === undefined) return ['start'];
  if (command !== 'search' || rest.includes('--')) return [...words];
  const isMinusWord = (word: string): boolean => /^-[^-]./.test(word);
  return [command, ...rest.filter((word) => !isMinusWord(word)), '--', ...rest.filter(isMinusWord)];
}
