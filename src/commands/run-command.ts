import type { OnCommand } from '../chat/command.js';
import { privateReply, text } from '../chat/reply.js';
import { UserError } from '../errors.js';
import type { CommandDeps } from './command.js';
import { COMMANDS } from './commands.js';

/** Runs what was typed. What the caller got wrong is a private reply; anything else rejects, for the adapter to log. */
export function createOnCommand(deps: CommandDeps): OnCommand {
  return async (call) => {
    // Whoever types a command there may just have mended what the channel refused.
    await deps.refusals.tryAgain(call.channel, deps.clock());
    const command = COMMANDS.find(({ spec }) => spec.name === call.name);
    if (!command) return privateReply([text(`There is no command "${call.name}". Type /tidings help for the list.`)]);
    try {
      return await command.run(deps, call);
    } catch (error) {
      if (error instanceof UserError) return privateReply([text(error.message)]);
      throw error;
    }
  };
}
