import type { ChannelRef } from './channel.js';

/** One named value of a command, as Discord shows it and as Slack reads it (`name:value`). */
export interface CommandOption {
  readonly name: string;
  readonly summary: string;
  readonly required: boolean;
  /** `words` takes the rest of the line on Slack, where the name may be left out; at most one per command. */
  readonly kind: 'words' | 'text' | 'integer';
}

/** A slash command as data: each platform offers the same list under `/tidings`. */
export interface CommandSpec {
  readonly name: string;
  /** One line, at most 100 characters (Discord's limit). */
  readonly summary: string;
  readonly options: readonly CommandOption[];
  /** What a person might type after `/tidings`. */
  readonly example: string;
}

/** A command somebody gave. Option values are what was typed, unchecked. */
export interface CommandCall {
  readonly name: string;
  readonly options: Readonly<Record<string, string>>;
  readonly channel: ChannelRef;
  readonly caller: {
    readonly id: string;
    readonly name: string;
    /** May change what this channel is told: Discord's Manage Channels; on Slack, who can type in the channel. */
    readonly mayManage: boolean;
  };
}

/** Plain text throughout; adapters escape. */
export type ReplyLine =
  | { readonly kind: 'heading'; readonly text: string }
  | { readonly kind: 'text'; readonly text: string }
  /** Something to type, shown as code. */
  | { readonly kind: 'code'; readonly text: string }
  /** A list entry: a (linked) title and a line about it. */
  | { readonly kind: 'item'; readonly title: string; readonly url: URL | null; readonly detail: string };

/** Pressing a button gives the command in `command` ("search bgp page:2") and shows its reply instead. */
export interface ReplyButton {
  readonly label: string;
  readonly command: string;
}

export interface Reply {
  readonly lines: readonly ReplyLine[];
  readonly buttons: readonly ReplyButton[];
  readonly visibleTo: 'caller' | 'channel';
}

export type OnCommand = (call: CommandCall) => Promise<Reply>;
