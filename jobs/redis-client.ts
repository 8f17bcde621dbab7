import type { Logger } from '../src/log.js';

/** What we use of an ioredis client besides handing it to BullMQ. */
interface Client {
  readonly status: string;
  readonly connect: () => Promise<unknown>;
  readonly disconnect: () => void;
}

export function reconnectAfterMs(times: number): number {
  return Math.min(times * 50, 1_000);
}

/** While it reconnects, ioredis forgets to fail what is queued when told to disconnect: one more try makes it. */
export async function hangUp(client: Client): Promise<void> {
  client.disconnect();
  if (client.status !== 'reconnecting') return;
  await client.connect().catch(() => undefined);
  client.disconnect();
}

/** BullMQ needs a Redis that never drops keys (https://docs.bullmq.io/guide/going-to-production). `info` is INFO memory. */
export function warnOfEviction(info: string, server: string, log: Logger): void {
  const policy = /maxmemory_policy:(\S+)/.exec(info)?.[1] ?? 'noeviction';
  if (policy === 'noeviction') return;
  const detail = 'Redis may drop waiting jobs; the sweep rings them again, late. Set maxmemory-policy noeviction.';
  log.warn('queue.eviction', { server, policy, detail });
}
