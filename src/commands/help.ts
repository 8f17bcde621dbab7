import type { CommandSpec, Reply } from '../chat/command.js';
import { heading, privateReply, text, typed } from '../chat/reply.js';
import type { Command } from './command.js';

const SPEC: CommandSpec = { name: 'help', summary: 'Show this list', options: [], example: 'help' };

/** Help on these commands and on itself. */
export function createHelp(others: readonly CommandSpec[]): Command {
  const reply = helpReply([...others, SPEC]);
  return { spec: SPEC, run: () => Promise.resolve(reply) };
}

function helpReply(specs: readonly CommandSpec[]): Reply {
  return privateReply([
    heading('Tidings tells this channel of new posts'),
    ...specs.flatMap(({ summary, example }) => [text(summary), typed(example)]),
  ]);
}
