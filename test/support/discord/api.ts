import type { APIEmbed } from 'discord.js';

export interface StoredMessage {
  readonly id: string;
  readonly channelId: string;
  readonly content: string;
  readonly embeds: readonly APIEmbed[];
  readonly components: readonly unknown[];
  readonly flags: number;
  readonly nonce: string | null;
  readonly createdAtMs: number;
}

/** What the bot may do in a channel. */
export interface Permissions {
  readonly view: boolean;
  readonly send: boolean;
  readonly history: boolean;
}

export interface ApiRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly authorization: string | null;
  readonly body: unknown;
}

export interface ApiAnswer {
  readonly status: number;
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}
