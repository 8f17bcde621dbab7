import {
  ApplicationCommandOptionType,
  ApplicationCommandType,
  ApplicationIntegrationType,
  InteractionContextType,
  PermissionFlagsBits,
  type APIApplicationCommandInteraction,
  type APIApplicationCommandOption,
  type APIApplicationCommandBasicOption,
  type APIMessageComponentInteraction,
  type RESTPutAPIApplicationCommandsJSONBody,
} from 'discord.js';
import type { CommandCall, CommandOption, CommandSpec } from '../../src/chat/command.js';
import { parseCommandText, type ParsedCommand } from '../../src/chat/parse-command.js';

const ROOT = 'tidings';
const SUMMARY = 'Follow feeds and topics here, and search what has been posted';
const MAX_SUMMARY = 100;

type Registration = RESTPutAPIApplicationCommandsJSONBody[number];
export type CommandInteraction = APIApplicationCommandInteraction | APIMessageComponentInteraction;

/** The whole catalogue as one slash command with typed subcommands, usable in servers only. */
export function registrationFor(specs: readonly CommandSpec[]): Registration {
  return {
    type: ApplicationCommandType.ChatInput,
    name: ROOT,
    description: SUMMARY,
    contexts: [InteractionContextType.Guild],
    integration_types: [ApplicationIntegrationType.GuildInstall],
    options: specs.map((spec): APIApplicationCommandOption => ({
      type: ApplicationCommandOptionType.Subcommand,
      name: spec.name,
      description: spec.summary.slice(0, MAX_SUMMARY),
      options: requiredFirst(spec.options).map(optionFor),
    })),
  };
}

/** Discord refuses an optional option before a required one. */
function requiredFirst(options: readonly CommandOption[]): CommandOption[] {
  return [...options.filter(({ required }) => required), ...options.filter(({ required }) => !required)];
}

function optionFor({ name, summary, required, kind }: CommandOption): APIApplicationCommandBasicOption {
  const common = { name, description: summary.slice(0, MAX_SUMMARY), required };
  return kind === 'integer'
    ? { type: ApplicationCommandOptionType.Integer, ...common }
    : { type: ApplicationCommandOptionType.String, ...common };
}

/** Whether Discord holds exactly this command already; what it adds on its own (ids, versions, defaults) is ignored. */
export function isRegistered(held: unknown, wanted: Registration): boolean {
  if (!Array.isArray(held) || held.length !== 1) return false;
  return JSON.stringify(essence(held[0])) === JSON.stringify(essence(wanted));
}

const OURS = ['type', 'name', 'description', 'contexts', 'integration_types', 'required', 'options'] as const;

function essence(part: unknown): unknown {
  if (typeof part !== 'object' || part === null) return null;
  const fields = new Map<string, unknown>(Object.entries(part));
  return OURS.map((name) => {
    const value = fields.get(name);
    if (name === 'options') return Array.isArray(value) ? value.map(essence) : [];
    if (name === 'required') return value === true;
    return value ?? null;
  });
}

/** A slash command as Discord sends it, or null if it is none of ours. */
export function readCommand(interaction: APIApplicationCommandInteraction): ParsedCommand | null {
  const { data } = interaction;
  if (data.type !== ApplicationCommandType.ChatInput || data.name !== ROOT) return null;
  const sub = data.options?.find((option) => option.type === ApplicationCommandOptionType.Subcommand);
  if (!sub) return null;
  const values = (sub.options ?? []).flatMap((option) =>
    'value' in option ? [[option.name, String(option.value)] as const] : [],
  );
  return { kind: 'call', name: sub.name, options: Object.fromEntries(values) };
}

/** A pressed button: its `custom_id` is a command as somebody would type it. */
export function readButton(interaction: APIMessageComponentInteraction, specs: readonly CommandSpec[]): ParsedCommand {
  return parseCommandText(interaction.data.custom_id, specs);
}

/** Who asks, and where; null outside a server, where there is no channel to manage. */
export function readPlace(interaction: CommandInteraction): Pick<CommandCall, 'channel' | 'caller'> | null {
  const { guild_id: guildId, member } = interaction;
  const channelId = interaction.channel.id;
  if (guildId === undefined || member === undefined) return null;
  return {
    channel: { platform: 'discord', workspaceId: guildId, channelId },
    caller: {
      id: member.user.id,
      name: member.nick ?? member.user.global_name ?? member.user.username,
      mayManage: mayManage(member.permissions),
    },
  };
}

const MANAGING = PermissionFlagsBits.ManageChannels | PermissionFlagsBits.Administrator;

/** `permissions` are the member's in this very channel, overwrites included, as a decimal string. */
function mayManage(permissions: string): boolean {
  return /^\d+$/.test(permissions) && (BigInt(permissions) & MANAGING) !== 0n;
}
