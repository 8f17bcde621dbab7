import { setTimeout as sleep } from 'node:timers/promises';
import {
  Client,
  Events,
  GatewayCloseCodes,
  GatewayDispatchEvents,
  GatewayIntentBits,
  Routes,
  SimpleShardingStrategy,
  type APIGatewayBotInfo,
  type APIInteraction,
  type ClientOptions,
  type REST,
} from 'discord.js';
import { errorText, type Logger } from '../../src/log.js';
import { backoffMs, waitMs } from './background.js';

/** Discord resets the bot's token after 1000 IDENTIFYs in a day: these bounds keep us under about 400. */
const FIRST_RETRY_MS = 15_000;
const LONGEST_RETRY_MS = 30 * 60_000;
/** Leaves room for a bad day: below it we wait for the count to start anew. */
const SESSIONS_KEPT = 100;
const CLOSE_MS = 3_000;
/** A session that lasted this long was a good one. */
const STABLE_MS = 10 * 60_000;
const TOKEN_REFUSED: number = GatewayCloseCodes.AuthenticationFailed;
const FLAPPING = { reconnects: 5, withinMs: 5 * 60_000 };

export interface GatewayDeps {
  readonly token: string;
  /** For GET /gateway/bot, whose answer says whether a session may be begun at all. */
  readonly rest: REST;
  readonly restOptions: NonNullable<ClientOptions['rest']>;
  readonly log: Logger;
  readonly onInteraction: (interaction: APIInteraction) => void;
  readonly onTokenRefused: () => void;
}

/** How a session ended. `fatal`: no other will do better before a restart. */
interface SessionEnd {
  readonly detail: string;
  readonly fatal: boolean;
  /** At least this long before the next try. */
  readonly waitMs: number;
}

/** Keeps one gateway session alive until `signal`; `onSettled` is called once the first try succeeded or failed. */
export async function runGateway(deps: GatewayDeps, signal: AbortSignal, onSettled: () => void): Promise<void> {
  const { log } = deps;
  let failures = 0;
  const onReady = (): void => {
    if (failures > 0) log.info('discord.gateway.back');
    onSettled();
  };
  while (!signal.aborted) {
    const startedAtMs = performance.now();
    const end = await runSession(deps, signal, onReady);
    onSettled();
    if (end.fatal) return;
    failures = performance.now() - startedAtMs > STABLE_MS ? 1 : failures + 1;
    const retryInMs = Math.max(end.waitMs, backoffMs(failures, FIRST_RETRY_MS, LONGEST_RETRY_MS));
    if (failures === 1) {
      log.warn('discord.gateway.down', {
        error: end.detail,
        retryInMs,
        detail: 'Slash commands do not arrive over the gateway; posts go out all the same. Tried again until it works.',
      });
    }
    await waitMs(retryInMs, signal);
  }
}

async function runSession(deps: GatewayDeps, signal: AbortSignal, onReady: () => void): Promise<SessionEnd> {
  const refusal = await mayBegin(deps);
  if (refusal) return refusal;
  const held = openClient(deps);
  try {
    return await new Promise<SessionEnd>((resolve) => {
      const leave = (): void => {
        resolve({ detail: 'stopped', fatal: true, waitMs: 0 });
      };
      if (signal.aborted) leave();
      signal.addEventListener('abort', leave, { once: true });
      watch(held.client, deps, resolve);
      held.client.login(deps.token).then(onReady, (error: unknown) => {
        // An unrecoverable close reports itself first, with its code.
        setImmediate(resolve, { detail: errorText(error), fatal: false, waitMs: 0 });
      });
    });
  } finally {
    await held.abandon();
  }
}

/** Asks before a session is begun. Servers without a gateway answer 404 here, and cost no IDENTIFY. */
async function mayBegin({ rest }: GatewayDeps): Promise<SessionEnd | null> {
  try {
    const { session_start_limit: limit } = (await rest.get(Routes.gatewayBot())) as APIGatewayBotInfo;
    return limit.remaining > SESSIONS_KEPT || limit.remaining >= limit.total
      ? null
      : {
          detail: `only ${String(limit.remaining)} session starts left today`,
          fatal: false,
          waitMs: limit.reset_after,
        };
  } catch (error) {
    return { detail: errorText(error), fatal: false, waitMs: 0 };
  }
}

/**
 * A client that can be let go of for good. discord.js' shards reconnect on their own, even while being destroyed; an
 * abandoned one waits for ever where it would ask for its session, so it never opens another socket.
 */
function openClient({ restOptions }: GatewayDeps): { client: Client; abandon: () => Promise<void> } {
  let abandoned = false;
  const client = new Client({
    intents: [GatewayIntentBits.Guilds],
    rest: restOptions,
    shards: 'auto',
    ws: {
      buildStrategy: (manager) => {
        const retrieveSessionInfo = manager.options.retrieveSessionInfo.bind(manager.options);
        manager.options.retrieveSessionInfo = (shardId) =>
          abandoned ? new Promise(() => undefined) : retrieveSessionInfo(shardId);
        return new SimpleShardingStrategy(manager);
      },
    },
  });
  return {
    client,
    abandon: async () => {
      abandoned = true;
      client.removeAllListeners();
      client.ws.removeAllListeners();
      // A peer that never answers the close frame must not hold up a shutdown.
      await Promise.race([client.destroy(), sleep(CLOSE_MS, undefined, { ref: false })]);
    },
  };
}

function watch(client: Client, deps: GatewayDeps, end: (how: SessionEnd) => void): void {
  const reconnects: number[] = [];
  client.on(Events.ShardDisconnect, ({ code }) => {
    const refused = code === TOKEN_REFUSED;
    if (refused) deps.onTokenRefused();
    end({ detail: `closed with code ${String(code)}`, fatal: refused, waitMs: 0 });
  });
  client.on(Events.ShardReconnecting, () => {
    const now = performance.now();
    reconnects.push(now);
    const recent = reconnects.filter((at) => now - at < FLAPPING.withinMs).length;
    if (recent > FLAPPING.reconnects) end({ detail: 'keeps closing the connection', fatal: false, waitMs: 0 });
  });
  client.on(Events.Invalidated, () => {
    end({ detail: 'session invalidated', fatal: false, waitMs: 0 });
  });
  client.on(Events.Error, (error) => {
    deps.log.warn('discord.gateway.error', { error: errorText(error) });
  });
  client.ws.on(GatewayDispatchEvents.InteractionCreate, (interaction: APIInteraction) => {
    deps.onInteraction(interaction);
  });
}
