import type { App, BlockAction, RespondArguments, RespondFn } from '@slack/bolt';
import type { CommandCall, CommandSpec, OnCommand, Reply } from '../../src/chat/command.js';
import { parseCommandText } from '../../src/chat/parse-command.js';
import { privateReply, text } from '../../src/chat/reply.js';
import { UserError } from '../../src/errors.js';
import { errorStack, errorText, type Logger } from '../../src/log.js';
import { typedText } from './command-text.js';
import { renderReply } from './render-reply.js';

export interface CommandsOptions {
  readonly specs: readonly CommandSpec[];
  readonly onCommand: OnCommand;
  readonly log: Logger;
  /** Keeps `stop` waiting until the work is done. */
  readonly track: (work: Promise<void>) => Promise<void>;
}

/** Who gave a command, where, and how to answer. */
interface Given {
  readonly text: string;
  readonly origin: Pick<CommandCall, 'channel' | 'caller'>;
  readonly respond: RespondFn;
  /** Who sees the message whose button was pressed; null for a typed command. */
  readonly pressedIn: Reply['visibleTo'] | null;
}

/**
 * Takes slash commands, whatever the app calls them, and presses of our buttons. Both are acknowledged before any work:
 * Slack waits 3 s. Answers go to the `response_url`, which Slack keeps open for 30 minutes.
 */
export function registerCommands(app: App, options: CommandsOptions): void {
  app.command(/^\//, async ({ ack, command, respond }) => {
    await ack();
    const origin = originOf({
      teamId: command.team_id,
      channelId: command.channel_id,
      userId: command.user_id,
      userName: command.user_name,
    });
    await options.track(answer({ text: typedText(command.text), origin, respond, pressedIn: null }, options));
  });

  app.action({ type: 'block_actions', action_id: /./ }, async ({ ack, action, body, respond }) => {
    await ack();
    const text = pressed(action);
    if (text === null) return;
    await options.track(answer({ text, ...pressOf(body), respond }, options));
  });

  app.error((error) => {
    options.log.error('slack.command_failed', { error: errorStack(error) });
    return Promise.resolve();
  });
}

/** The command of a button, or of the entry that was chosen from a menu. */
function pressed(action: BlockAction['actions'][number]): string | null {
  if (action.type === 'button') return action.value ?? null;
  return action.type === 'overflow' ? action.selected_option.value : null;
}

function pressOf(body: BlockAction): Pick<Given, 'origin' | 'pressedIn'> {
  const { team, channel, user, container } = body;
  return {
    origin: originOf({
      teamId: team?.id ?? '',
      channelId: channel?.id ?? '',
      userId: user.id,
      userName: user.username,
    }),
    pressedIn: container['is_ephemeral'] === true ? 'caller' : 'channel',
  };
}

function originOf(ids: { teamId: string; channelId: string; userId: string; userName: string }): Given['origin'] {
  return {
    channel: { platform: 'slack', workspaceId: ids.teamId, channelId: ids.channelId },
    // On Slack, whoever can type in a channel may change what it is told.
    caller: { id: ids.userId, name: ids.userName, mayManage: true },
  };
}

async function answer(given: Given, { specs, onCommand, log }: CommandsOptions): Promise<void> {
  const reply = await replyTo(given, { specs, onCommand, log });
  try {
    await given.respond(withVisibility(reply, given.pressedIn));
  } catch (error) {
    log.warn('slack.reply_not_delivered', { channel: given.origin.channel.channelId, error: errorText(error) });
  }
}

async function replyTo(
  given: Given,
  { specs, onCommand, log }: Pick<CommandsOptions, 'specs' | 'onCommand' | 'log'>,
): Promise<Reply> {
  try {
    const parsed = parseCommandText(given.text, specs);
    if (parsed.kind === 'reply') return parsed.reply;
    return await onCommand({ name: parsed.name, options: parsed.options, ...given.origin });
  } catch (error) {
    if (error instanceof UserError) return privateReply([text(error.message)]);
    log.error('slack.command_failed', { error: errorStack(error) });
    return privateReply([
      text('That did not work, and it is our fault, not yours. It has been logged; please try again in a minute.'),
    ]);
  }
}

/** A reply takes the place of the message whose button was pressed, if the same people may see it. */
function withVisibility(reply: Reply, pressedIn: Given['pressedIn']): RespondArguments {
  const { text: fallback, blocks } = renderReply(reply);
  return {
    text: fallback,
    blocks: [...blocks],
    response_type: reply.visibleTo === 'channel' ? 'in_channel' : 'ephemeral',
    replace_original: pressedIn === reply.visibleTo,
  };
}
