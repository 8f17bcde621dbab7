import {
  ComponentType,
  InteractionResponseType,
  InteractionType,
  MessageFlags,
  Routes,
  type APIInteraction,
  type REST,
} from 'discord.js';
import type { CommandSpec, OnCommand, Reply } from '../../src/chat/command.js';
import { errorStack, errorText, type Logger } from '../../src/log.js';
import { UserError } from '../../src/errors.js';
import { readButton, readCommand, readPlace, type CommandInteraction } from './commands.js';
import { renderReply } from './render-reply.js';

/** The first answer, which Discord wants within 3 seconds: a promise of the real one. */
export interface Deferral {
  readonly type:
    InteractionResponseType.DeferredChannelMessageWithSource | InteractionResponseType.DeferredMessageUpdate;
  readonly data?: { readonly flags: MessageFlags.Ephemeral };
}

/** How a deferral gets to Discord: by its own request, or as the answer to the one that brought the interaction. */
export type SendDeferral = (deferral: Deferral) => Promise<void>;

export interface InteractionDeps {
  /** Without the bot's token: an interaction carries its own. */
  readonly rest: REST;
  readonly log: Logger;
  readonly specs: readonly CommandSpec[];
  readonly onCommand: OnCommand;
}

const SHARED = note('Shared with the channel, below.');
const SERVERS_ONLY = note('I work in servers: use /tidings in a channel of yours and I answer there.');
const NOT_OURS = note('I no longer know this command. Try /tidings help.');
const FAILED = note('Something went wrong on my side and has been written down. Please try again in a minute.');

function note(text: string): Reply {
  return { lines: [{ kind: 'text', text }], buttons: [], visibleTo: 'caller' };
}

/** A slash command or a pressed button: what this adapter answers. Everything else needs no answer from us. */
export function isAnswerable(interaction: APIInteraction): interaction is CommandInteraction & APIInteraction {
  return (
    interaction.type === InteractionType.ApplicationCommand ||
    (interaction.type === InteractionType.MessageComponent && interaction.data.component_type === ComponentType.Button)
  );
}

/** Defers, runs the command, then shows its reply. Never rejects. */
export async function answerInteraction(
  deps: InteractionDeps,
  interaction: CommandInteraction,
  sendDeferral: SendDeferral,
): Promise<void> {
  try {
    await sendDeferral(deferralFor(interaction));
  } catch (error) {
    // Past its three seconds, or taken by another process of ours: nothing we say would be shown.
    deps.log.warn('discord.interaction.late', { error: errorText(error) });
    return;
  }
  const reply = await replyTo(deps, interaction);
  try {
    await show(deps.rest, interaction, reply);
  } catch (error) {
    deps.log.warn('discord.interaction.unanswered', { error: errorText(error) });
  }
}

/** A button on a private message changes that message; on one that all can see, whoever presses gets their own answer. */
function deferralFor(interaction: CommandInteraction): Deferral {
  const updates =
    interaction.type === InteractionType.MessageComponent &&
    ((interaction.message.flags ?? 0) & MessageFlags.Ephemeral) !== 0;
  return updates
    ? { type: InteractionResponseType.DeferredMessageUpdate }
    : {
        type: InteractionResponseType.DeferredChannelMessageWithSource,
        data: { flags: MessageFlags.Ephemeral },
      };
}

async function replyTo({ specs, onCommand, log }: InteractionDeps, interaction: CommandInteraction): Promise<Reply> {
  try {
    const place = readPlace(interaction);
    if (!place) return SERVERS_ONLY;
    const parsed =
      interaction.type === InteractionType.ApplicationCommand
        ? readCommand(interaction)
        : readButton(interaction, specs);
    if (!parsed) return NOT_OURS;
    if (parsed.kind === 'reply') return parsed.reply;
    return await onCommand({ name: parsed.name, options: parsed.options, ...place });
  } catch (error) {
    if (error instanceof UserError) return note(error.message);
    log.error('discord.command.failed', { error: errorStack(error) });
    return FAILED;
  }
}

/**
 * The private answer is edited first even when the reply is for the channel: a follow-up sent while the deferral is
 * open would take its place, and its privacy with it.
 */
async function show(rest: REST, interaction: CommandInteraction, reply: Reply): Promise<void> {
  const { application_id: applicationId, token } = interaction;
  const forChannel = reply.visibleTo === 'channel';
  await rest.patch(Routes.webhookMessage(applicationId, token), {
    auth: false,
    body: renderReply(forChannel ? SHARED : reply),
  });
  if (!forChannel) return;
  await rest.post(Routes.webhook(applicationId, token), { auth: false, body: renderReply(reply) });
}

/** The deferral as its own request, for interactions that came over the gateway. */
export function deferByRequest(rest: REST, interaction: CommandInteraction): SendDeferral {
  return async (deferral) => {
    await rest.post(Routes.interactionCallback(interaction.id, interaction.token), { auth: false, body: deferral });
  };
}
