import type { ApiAnswer, ApiRequest, Permissions, StoredMessage } from './api.js';
import { createChannels, type Channels, type ChannelSetup } from './channels.js';
import { checkCommands, checkMessage, asFields, refuse } from './validate.js';
import { pingsOf } from './markdown.js';
import type { APIEmbed } from 'discord.js';

const EPOCH_MS = 1_420_070_400_000;
const EPHEMERAL = 64;

export interface Settings {
  readonly token: string;
  readonly applicationId: string;
  readonly guildId: string;
  /** Text channels. */
  readonly channelIds: readonly string[];
  /** Channels of other kinds. */
  readonly channels: readonly ChannelSetup[];
  /** How many messages of a channel may be published in an hour; null for as many as Discord allows. */
  readonly crosspostsAnHour: number | null;
  /** How long `enforce_nonce` remembers. */
  readonly nonceWindowMs: number;
  /** Messages per channel and time, as bucket headers say them; null for no limit. */
  readonly bucket: { readonly limit: number; readonly perMs: number } | null;
  /** An interaction nobody answered dies after this long. */
  readonly interactionDeadlineMs: number;
}

/** An interaction and what became of it. `original` is what the caller sees first; `followUps` come after. */
export interface InteractionState {
  readonly id: string;
  readonly token: string;
  readonly channelId: string;
  readonly startedAtMs: number;
  callback: { readonly type: number; readonly data?: { readonly flags?: number } } | null;
  callbackAtMs: number | null;
  /** True from a deferral until the first real answer. */
  loading: boolean;
  original: StoredMessage | null;
  readonly followUps: StoredMessage[];
}

type Handler = (request: ApiRequest, ids: readonly string[]) => ApiAnswer;

/** What Discord knows, and its REST API over it. Refusals are thrown as `Refused`. */
export interface Platform {
  readonly handle: (request: ApiRequest) => ApiAnswer;
  readonly channel: (channelId: string) => StoredMessage[];
  readonly channels: Channels;
  readonly permissions: Map<string, Permissions>;
  readonly interactions: Map<string, InteractionState>;
  readonly openInteraction: (channelId: string, shown: StoredMessage | null) => InteractionState;
  readonly callback: (state: InteractionState, body: unknown) => void;
  /** Whom messages would have notified. */
  readonly pings: string[];
  readonly commands: unknown[];
  readonly validToken: { value: boolean };
  readonly snowflake: () => string;
}

/** Id-like path segments are `:id` in a route's name, tokens `:token`. */
export function routeOf(method: string, path: string): string {
  const named = path.replace(/\/\d{17,20}(?=\/|$)/g, '/:id').replace(/\/(token-[^/]+)/, '/:token');
  return `${method} ${named}`;
}

export function createPlatform(settings: Settings, gatewayInfo: () => ApiAnswer): Platform {
  const messages = new Map<string, StoredMessage[]>(
    [...settings.channelIds, ...settings.channels.map(({ id }) => id)].map((id) => [id, []]),
  );
  const permissions = new Map<string, Permissions>();
  const interactions = new Map<string, InteractionState>();
  const pings: string[] = [];
  const commands: unknown[] = [];
  const sentAtMs = new Map<string, number[]>();
  const validToken = { value: true };
  let serial = 0n;
  const snowflake = (): string => String((BigInt(Date.now() - EPOCH_MS) << 22n) | (serial++ & 0x3fffffn));

  const me = {
    id: settings.applicationId,
    username: 'tidings',
    discriminator: '0',
    global_name: null,
    avatar: null,
    bot: true,
  };
  const application = { id: settings.applicationId, name: 'Tidings', description: '', flags: 0, bot: me };

  const asApi = (one: StoredMessage, withNonce: boolean): unknown => ({
    id: one.id,
    channel_id: one.channelId,
    author: me,
    content: one.content,
    embeds: one.embeds,
    components: one.components,
    flags: one.flags,
    timestamp: new Date(one.createdAtMs).toISOString(),
    type: 0,
    ...(withNonce && one.nonce !== null ? { nonce: one.nonce } : {}),
  });
  const store = (channelId: string, raw: unknown, flags: number): StoredMessage => {
    checkMessage(raw);
    const body = asFields(raw, 'body');
    pings.push(...pingsOf(body));
    return {
      id: snowflake(),
      channelId,
      content: typeof body['content'] === 'string' ? body['content'].trim() : '',
      embeds: (body['embeds'] ?? []) as APIEmbed[],
      components: (body['components'] ?? []) as unknown[],
      flags: (typeof body['flags'] === 'number' ? body['flags'] : 0) | flags,
      nonce: typeof body['nonce'] === 'string' ? body['nonce'] : null,
      createdAtMs: Date.now(),
    };
  };
  const edited = (old: StoredMessage, raw: unknown): StoredMessage => {
    const body = asFields(raw, 'body');
    const next = store(
      old.channelId,
      { content: old.content, embeds: old.embeds, components: old.components, ...body },
      old.flags,
    );
    return { ...next, id: old.id, nonce: old.nonce, createdAtMs: old.createdAtMs };
  };
  const mayDo = (channelId: string, what: keyof Permissions): boolean => permissions.get(channelId)?.[what] ?? true;
  const open = (channelId: string): StoredMessage[] => {
    const held = messages.get(channelId) ?? refuse(404, 10003, 'Unknown Channel');
    if (!mayDo(channelId, 'view')) refuse(403, 50001, 'Missing Access');
    return held;
  };

  const channels = createChannels([...settings.channelIds.map((id) => ({ id, type: 0 })), ...settings.channels], {
    ...{ messages, permissions, snowflake, guildId: settings.guildId, botId: me.id },
    crosspostsAnHour: settings.crosspostsAnHour,
    store: (channelId, raw) => store(channelId, raw, 0),
    asApi: (message) => asApi(message, false),
  });

  const limitHeaders = (channelId: string): { headers: Record<string, string>; over: boolean } => {
    const { bucket } = settings;
    if (!bucket) return { headers: {}, over: false };
    const now = Date.now();
    const recent = (sentAtMs.get(channelId) ?? []).filter((at) => now - at < bucket.perMs);
    const over = recent.length >= bucket.limit;
    if (!over) recent.push(now);
    sentAtMs.set(channelId, recent);
    const resetAfterS = Math.max(((recent[0] ?? now) + bucket.perMs - now) / 1_000, 0);
    const headers = {
      'x-ratelimit-limit': String(bucket.limit),
      'x-ratelimit-remaining': String(bucket.limit - recent.length),
      'x-ratelimit-reset-after': resetAfterS.toFixed(3),
      'x-ratelimit-bucket': 'messages',
      ...(over ? { 'retry-after': String(Math.ceil(resetAfterS)), 'x-ratelimit-scope': 'user' } : {}),
    };
    return { headers, over };
  };

  const createMessage: Handler = ({ body: raw }, [channelId = '']) => {
    const { headers, over } = limitHeaders(channelId);
    if (over) {
      const body = {
        message: 'You are being rate limited.',
        retry_after: Number(headers['x-ratelimit-reset-after']),
        global: false,
      };
      return { status: 429, headers, body };
    }
    const held = open(channelId);
    if (!mayDo(channelId, 'send')) refuse(403, 50013, 'Missing Permissions');
    channels.beforeSending(channelId);
    const body = asFields(raw, 'body');
    const earlier = held.find(
      (one) =>
        body['enforce_nonce'] === true &&
        one.nonce === body['nonce'] &&
        Date.now() - one.createdAtMs < settings.nonceWindowMs,
    );
    const message = earlier ?? store(channelId, raw, 0);
    if (!earlier) held.push(message);
    return { status: 200, headers, body: asApi(message, true) };
  };

  /** Nonces are for the sender's eyes at once, not for the history; without the right to read it, it looks empty. */
  const listMessages: Handler = ({ query }, [channelId = '']) => {
    const held = open(channelId);
    const limit = Number(query.get('limit') ?? 50);
    if (!(limit >= 1 && limit <= 100)) refuse(400, 50035, 'Invalid Form Body');
    const after = query.get('after');
    const ordered = [...held].sort((a, b) => (BigInt(a.id) < BigInt(b.id) ? -1 : 1));
    const page =
      after === null ? ordered.slice(-limit) : ordered.filter(({ id }) => BigInt(id) > BigInt(after)).slice(0, limit);
    return { status: 200, body: mayDo(channelId, 'history') ? page.reverse().map((one) => asApi(one, false)) : [] };
  };

  const editMessage: Handler = ({ body }, [channelId = '', messageId]) => {
    const held = open(channelId);
    channels.beforeEditing(channelId);
    const at = held.findIndex(({ id }) => id === messageId);
    const old = held[at] ?? refuse(404, 10008, 'Unknown Message');
    const next = edited(old, body);
    held[at] = next;
    return { status: 200, body: asApi(next, false) };
  };

  const callback = (state: InteractionState, raw: unknown): void => {
    if (Date.now() - state.startedAtMs > settings.interactionDeadlineMs) refuse(404, 10062, 'Unknown interaction');
    if (state.callback) refuse(400, 40060, 'Interaction has already been acknowledged.');
    const body = asFields(raw, 'body');
    state.callback = body as unknown as NonNullable<InteractionState['callback']>;
    state.callbackAtMs = Date.now();
    if (state.callback.type === 4) state.original = store(state.channelId, body['data'], 0);
    state.loading = state.callback.type === 5;
  };
  const answered = (token: string | undefined): InteractionState => {
    const state = [...interactions.values()].find((one) => one.token === token);
    return state?.callback ? state : refuse(404, 10015, 'Unknown Webhook');
  };
  /** What a deferral promised to be private stays private, whatever the first answer asks for. */
  const settleOriginal = (state: InteractionState, body: unknown): StoredMessage => {
    const privacy = (state.callback?.data?.flags ?? 0) & EPHEMERAL;
    state.original =
      state.original && !state.loading ? edited(state.original, body) : store(state.channelId, body, privacy);
    state.loading = false;
    return state.original;
  };

  const routes = new Map<string, Handler>([
    ['GET /gateway/bot', gatewayInfo],
    ['GET /users/@me', () => ({ status: 200, body: me })],
    ['GET /applications/@me', () => ({ status: 200, body: application })],
    ['GET /oauth2/applications/@me', () => ({ status: 200, body: application })],
    ['GET /applications/:id/commands', () => ({ status: 200, body: commands })],
    [
      'PUT /applications/:id/commands',
      ({ body }) => {
        checkCommands(body);
        // Discord adds ids, versions and defaults of its own.
        const held = (body as object[]).map((one) => ({
          id: snowflake(),
          version: snowflake(),
          nsfw: false,
          name_localizations: null,
          ...one,
        }));
        commands.splice(0, commands.length, ...held);
        return { status: 200, body: commands };
      },
    ],
    ...channels.routes,
    ['POST /channels/:id/messages', createMessage],
    ['GET /channels/:id/messages', listMessages],
    ['PATCH /channels/:id/messages/:id', editMessage],
    [
      'POST /interactions/:id/:token/callback',
      ({ body }, [id = '']) => {
        callback(interactions.get(id) ?? refuse(404, 10062, 'Unknown interaction'), body);
        return { status: 204, body: null };
      },
    ],
    [
      'PATCH /webhooks/:id/:token/messages/@original',
      ({ body }, [, token]) => ({ status: 200, body: asApi(settleOriginal(answered(token), body), false) }),
    ],
    [
      'POST /webhooks/:id/:token',
      ({ body }, [, token]) => {
        const state = answered(token);
        if (state.loading) return { status: 200, body: asApi(settleOriginal(state, body), false) };
        const followUp = store(state.channelId, body, 0);
        state.followUps.push(followUp);
        return { status: 200, body: asApi(followUp, false) };
      },
    ],
  ]);
  const withoutToken = /^\w+ \/(interactions|webhooks)\//;

  return {
    channels,
    permissions,
    interactions,
    pings,
    commands,
    validToken,
    snowflake,
    callback,
    channel: (channelId) => messages.get(channelId) ?? [],
    openInteraction: (channelId, shown) => {
      const id = snowflake();
      const state: InteractionState = {
        id,
        token: `token-${id}`,
        channelId,
        startedAtMs: Date.now(),
        callback: null,
        callbackAtMs: null,
        loading: false,
        original: shown,
        followUps: [],
      };
      interactions.set(id, state);
      return state;
    },
    handle: (request) => {
      const route = routeOf(request.method, request.path);
      const authorised = validToken.value && request.authorization === `Bot ${settings.token}`;
      if (!withoutToken.test(route) && !authorised) refuse(401, 0, '401: Unauthorized');
      const handler = routes.get(route) ?? refuse(404, 0, '404: Not Found');
      const ids = request.path.split('/').filter((part) => /^(\d{17,20}|token-.+)$/.test(part));
      return handler(request, ids);
    },
  };
}
