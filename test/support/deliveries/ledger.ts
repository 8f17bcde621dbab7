import { nonceFor } from '../../../adapters/discord/nonce.js';
import type { DeliveryId } from '../../../src/ids.js';
import type { DeliveryWorld } from './delivery-world.js';

/** What the platforms hold against what was promised, over all channels. */
export interface Ledger {
  readonly promised: number;
  readonly messages: number;
  readonly missing: number;
  /** Messages of a delivery beyond its first. */
  readonly repeated: number;
  /** Messages that stand behind one that was promised later. */
  readonly outOfOrder: number;
  /** Messages of no delivery. */
  readonly strange: number;
}

interface Promised {
  readonly id: DeliveryId;
  readonly platform: string;
  readonly workspace_id: string;
  readonly channel_id: string;
}

type Held = Pick<DeliveryWorld, 'database' | 'slack' | 'discord'>;

export async function readLedger({ database, slack, discord }: Held): Promise<Ledger> {
  const { rows } = await database.pool.query<Promised>(
    `select d.id, c.platform, c.workspace_id, c.channel_id from deliveries d join channels c on c.id = d.channel_id
      where d.post_id is not null order by d.seq`,
  );
  const byChannel = grouped(rows, (one) => `${one.platform}:${one.channel_id}`);
  const sums = { promised: rows.length, messages: 0, missing: 0, repeated: 0, outOfOrder: 0, strange: 0 };
  for (const promised of byChannel.values()) {
    const [{ platform, channel_id: channelId } = { platform: '', channel_id: '' }] = promised;
    const heard =
      platform === 'slack'
        ? slack.messages(channelId).map(slackKey)
        : discord.messages(channelId).map(({ nonce }) => nonce);
    const places = new Map(promised.map(({ id }, place) => [platform === 'slack' ? id : nonceFor(id), place]));
    addTo(
      sums,
      heard.map((key) => places.get(key ?? '') ?? null),
      promised.length,
    );
  }
  return sums;
}

/** `places`: of each message in a channel, as it stands there, its place among the promises. */
function addTo(
  sums: { -readonly [Key in keyof Ledger]: number },
  places: readonly (number | null)[],
  promised: number,
): void {
  const seen = new Set<number>();
  let furthest = -1;
  for (const place of places) {
    if (place === null) sums.strange += 1;
    else if (seen.has(place)) sums.repeated += 1;
    else {
      if (place < furthest) sums.outOfOrder += 1;
      furthest = Math.max(furthest, place);
      seen.add(place);
    }
  }
  sums.messages += places.length;
  sums.missing += promised - seen.size;
}

function slackKey({ metadata }: { readonly metadata: unknown }): DeliveryId | null {
  const { event_payload: payload } = metadata as { readonly event_payload?: { readonly delivery_id?: DeliveryId } };
  return payload?.delivery_id ?? null;
}

function grouped<One>(all: readonly One[], nameOf: (one: One) => string): ReadonlyMap<string, readonly One[]> {
  const groups = new Map<string, One[]>();
  for (const one of all) {
    const group = groups.get(nameOf(one));
    if (group) group.push(one);
    else groups.set(nameOf(one), [one]);
  }
  return groups;
}
