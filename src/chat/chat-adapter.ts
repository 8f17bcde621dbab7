import type { DeliveryId } from '../ids.js';
import type { ChannelRef, Platform } from './channel.js';
import type { CommandSpec, OnCommand } from './command.js';
import type { HttpRoute } from './http-route.js';
import type { Message } from './message.js';
import type { EditOutcome, FindOutcome, PostOutcome } from './post-outcome.js';

/** Tells one delivery's message from all others, so that a repeat can be dropped or an earlier one found. */
export interface DeliveryKey {
  readonly id: DeliveryId;
  /** When the first attempt began: no message of this delivery is older. */
  readonly firstTriedAt: Date;
}

/** How fast a platform takes messages, from all processes together; null is no limit. */
export interface PlatformPace {
  /** Messages to one channel: one each `everyMs` on average, of which `burst` may come at once. */
  readonly perChannel: { readonly everyMs: number; readonly burst: number } | null;
  /** Requests of the whole bot: one each `everyMs`. */
  readonly perBot: { readonly everyMs: number } | null;
}

/** A chat platform, in our words. Nothing here throws for what the platform did. */
export interface ChatAdapter {
  readonly platform: Platform;
  /** Absent: no limits but those that its answers tell of. */
  readonly pace?: PlatformPace;
  /** Callbacks to mount on our HTTP server; they answer 503 until `start`. */
  readonly routes: readonly HttpRoute[];
  /**
   * Begin to take commands. Posting does not wait for it: a platform whose command side is down is retried in the
   * background and logged, so that posts still go out.
   */
  readonly start: (commands: readonly CommandSpec[], onCommand: OnCommand) => Promise<void>;
  /** Idempotent. Resolves once nothing of ours is in flight. */
  readonly stop: () => Promise<void>;
  /** One request on the wire, answered or given up within 15 s. */
  readonly post: (channel: ChannelRef, message: Message, key: DeliveryKey) => Promise<PostOutcome>;
  /** The same for a message that stands. To do it twice is harmless. Never makes a new message. */
  readonly edit: (channel: ChannelRef, messageId: string, message: Message) => Promise<EditOutcome>;
  /** Settles `unknown`: was this delivery's message posted? */
  readonly find: (channel: ChannelRef, message: Message, key: DeliveryKey) => Promise<FindOutcome>;
  /**
   * One direct message in our own words, in which `<#id>` names a channel; pings nobody else. Absent: people there
   * cannot be told.
   */
  readonly tell?: (workspaceId: string, userId: string, text: string) => Promise<PostOutcome>;
  /** What went over the wire since it was last asked. Absent: the platform has no limit for the whole bot. */
  readonly takeRequests?: () => Requests;
}

export interface Requests {
  /** Of the last second, which is as far back as platforms look. */
  readonly recent: number;
  /** Those that the platform counts as invalid, and bans for. */
  readonly invalid: number;
}
