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

/** A chat platform, in our words. Nothing here throws for what the platform did. */
export interface ChatAdapter {
  readonly platform: Platform;
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
}
