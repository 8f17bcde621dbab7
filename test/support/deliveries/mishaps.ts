import { FAULTS, type DiscordFault } from '../discord/faults.js';
import type { RecordedRequest } from '../discord/discord-server.js';
import type { SlackFault } from '../slack/faults.js';
import type { SlackRequest } from '../slack/slack-server.js';

/** Half a minute after any client has given up. */
const LATE_MS = 42_000;

/** Every kind of fault that a post to Slack can meet and survive, by name. */
const SLACK: Readonly<Record<string, SlackFault>> = {
  throttled: { kind: 'throttled', retryAfterS: 2 },
  'throttled without a time': { kind: 'throttled', retryAfterS: null },
  'ratelimited in a 200': { kind: 'error', error: 'ratelimited', retryAfterS: 3 },
  unavailable: { kind: 'error', error: 'service_unavailable' },
  '500 before the work': { kind: 'status', status: 500 },
  '503 after the work': { kind: 'status', status: 503, after: true },
  HTML: { kind: 'html' },
  'an error nobody knows': { kind: 'error', error: 'moon_phase' },
  reset: { kind: 'broken', how: 'reset' },
  'reset after the work': { kind: 'broken', how: 'reset-after' },
  'cut body': { kind: 'broken', how: 'cut-body-after' },
  'stalled body': { kind: 'broken', how: 'stalled-body-after' },
  'carried out late': { kind: 'late', byMs: LATE_MS },
};
const SLACK_CARD: SlackFault = { kind: 'error', error: 'invalid_blocks' };

const DISCORD: Readonly<Record<string, DiscordFault>> = {
  throttled: FAULTS.limitedFor7s,
  'throttled in all channels': FAULTS.limitedGloballyFor2s,
  'Cloudflare without a time': FAULTS.limitedWithoutHeaders,
  'bad gateway': FAULTS.badGateway,
  '500 before the work': FAULTS.serverError,
  '500 after the work': FAULTS.errorAfterTheWork,
  HTML: FAULTS.htmlPage,
  reset: FAULTS.resetBefore,
  'reset after the work': FAULTS.lostAnswer,
  'cut body': FAULTS.cutBody,
  'stalled body': FAULTS.stalledBody,
  'carried out late': { kind: 'late', byMs: LATE_MS },
};
const DISCORD_CARD: DiscordFault = FAULTS.badBody;

/** How often the faults were dealt, by platform and name. */
export type Dealt = Readonly<Record<string, number>>;

export interface Mishaps {
  readonly slack: (request: SlackRequest) => SlackFault | null;
  readonly discord: (request: RecordedRequest) => DiscordFault | null;
  readonly dealt: Dealt;
}

/** Each kind of fault meets this share of the posts; a card that is refused, of those that are cards. The seed decides. */
export function createMishaps(seed: number, share: number): Mishaps {
  const chance = createChance(seed);
  const dealt: Record<string, number> = {};
  const deal = <Fault>(platform: string, faults: Readonly<Record<string, Fault>>, card: Fault | null): Fault | null => {
    const all = [...Object.entries(faults), ...(card === null ? [] : ([['a card refused', card]] as const))];
    const [name, fault] = all[Math.floor(chance() / share)] ?? [];
    if (name === undefined || fault === undefined) return null;
    dealt[`${platform}: ${name}`] = (dealt[`${platform}: ${name}`] ?? 0) + 1;
    return fault;
  };
  return {
    slack: ({ method, params }) => {
      if (method !== 'chat.postMessage') return null;
      return deal('slack', SLACK, params['blocks'] === undefined ? null : SLACK_CARD);
    },
    discord: ({ route, body }) => {
      if (route !== 'POST /channels/:id/messages') return null;
      return deal('discord', DISCORD, hasEmbeds(body) ? DISCORD_CARD : null);
    },
    dealt,
  };
}

function hasEmbeds(body: unknown): boolean {
  const { embeds } = body as { readonly embeds?: readonly unknown[] };
  return (embeds ?? []).length > 0;
}

/** Mulberry32: the same numbers for the same seed. In [0, 1). */
export function createChance(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
