import type { ChatAdapter } from '../chat/chat-adapter.js';
import { channelName, type Platform } from '../chat/channel.js';
import { later, type Clock } from '../clock.js';
import type { DeliveryId } from '../ids.js';
import type { Logger } from '../log.js';
import type { Topic } from '../topics/topic.js';
import { afterEdit } from './edit.js';
import type { EditStore } from './edit-store.js';
import { messageFor } from './message-for.js';

const LEASE_MS = 30_000;
/** What an adapter may take for one request: with less of the lease left, none is begun. */
const REQUEST_MS = 15_000;

export interface EditDeps {
  readonly edits: EditStore;
  readonly adapters: ReadonlyMap<Platform, ChatAdapter>;
  readonly topics: readonly Topic[];
  readonly clock: Clock;
  readonly log: Logger;
}

/** Changes one sent message into what is true now, if it is ours to do. Safe to call any number of times. */
export async function editMessage(deps: EditDeps, id: DeliveryId): Promise<void> {
  const startedMs = performance.now();
  const now = deps.clock();
  const edit = await deps.edits.claim(id, [...deps.adapters.keys()], now, later(now, LEASE_MS));
  // Frozen for a while, as by a laptop's sleep: another may have written something newer by now.
  if (!edit || performance.now() - startedMs > LEASE_MS - REQUEST_MS) return;
  const { channel } = edit.told.delivery;
  const adapter = deps.adapters.get(channel.platform);
  if (!adapter) throw new Error(`no adapter for ${channel.platform}`);
  const outcome = await adapter.edit(channel, edit.messageId, messageFor(edit.told, deps.topics));
  const verdict = afterEdit(edit, outcome, deps.clock());
  deps.log.info('edit.attempted', {
    delivery: id,
    channel: channelName(channel),
    outcome: outcome.kind,
    ...(verdict.reason !== null && { reason: verdict.reason }),
  });
  await deps.edits.record(edit, verdict, deps.clock());
}
