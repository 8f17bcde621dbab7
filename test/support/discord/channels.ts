import { asFields, checkForumPost, refuse } from './validate.js';
import type { ApiAnswer, ApiRequest, Permissions, StoredMessage } from './api.js';

const TYPE = { text: 0, announcement: 5, announcementThread: 10, publicThread: 11, forum: 15, media: 16 };
const THREADS: readonly number[] = [TYPE.announcementThread, TYPE.publicThread, 12];
const FORUMS: readonly number[] = [TYPE.forum, TYPE.media];
const CROSSPOSTED = 1;
const REQUIRE_TAG = 1 << 4;
const HOUR_MS = 3_600_000;
const LIMITS = { crosspostsAnHour: 10, renames: { most: 2, inMs: 600_000 } };

/** A channel that a server has besides plain text ones. */
export interface ChannelSetup {
  readonly id: string;
  /** Discord's number: 5 announcement, 11 public thread, 15 forum, 16 media. */
  readonly type: number;
  readonly tags?: readonly ForumTag[];
  readonly requireTag?: boolean;
}

export interface ForumTag {
  readonly id: string;
  readonly name: string;
  readonly moderated?: boolean;
}

/** A channel or thread as it stands. Tests may change it, as people would. */
export interface HeldChannel {
  readonly id: string;
  type: number;
  name: string;
  readonly parentId: string | null;
  readonly ownerId: string | null;
  tags: readonly ForumTag[];
  requireTag: boolean;
  readonly appliedTags: readonly string[];
  archivedAtMs: number | null;
  locked: boolean;
}

interface World {
  readonly messages: Map<string, StoredMessage[]>;
  readonly permissions: ReadonlyMap<string, Permissions>;
  readonly guildId: string;
  readonly botId: string;
  readonly crosspostsAnHour: number | null;
  readonly snowflake: () => string;
  readonly store: (channelId: string, raw: unknown) => StoredMessage;
  readonly asApi: (message: StoredMessage) => unknown;
}

type Handler = (request: ApiRequest, ids: readonly string[]) => ApiAnswer;

export interface Channels {
  readonly get: (id: string) => HeldChannel | undefined;
  readonly routes: readonly (readonly [string, Handler])[];
  /** Throws what Discord answers to a message there; a thread that was archived is open after one. */
  readonly beforeSending: (id: string) => void;
  readonly beforeEditing: (id: string) => void;
  readonly threadsOf: (id: string) => HeldChannel[];
}

function heldOf(setup: ChannelSetup): HeldChannel {
  const { id, type, tags = [], requireTag = false } = setup;
  const rest = { parentId: THREADS.includes(type) ? '200000000000000002' : null, ownerId: null, appliedTags: [] };
  return { id, type, name: `channel-${id.slice(-3)}`, tags, requireTag, archivedAtMs: null, locked: false, ...rest };
}

function limited(retryAfterS: number): ApiAnswer {
  const headers = { 'retry-after': String(retryAfterS), 'x-ratelimit-scope': 'user', 'x-ratelimit-bucket': 'slow' };
  const body = { message: 'You are being rate limited.', retry_after: retryAfterS, global: false };
  return { status: 429, headers, body };
}

/** Kinds of channels, threads, forums and publishing (docs: resources/channel, resources/guild, topics/threads). */
export function createChannels(setups: readonly ChannelSetup[], world: World): Channels {
  const held = new Map(setups.map((setup) => [setup.id, heldOf(setup)]));
  const publishedAtMs = new Map<string, number[]>();
  const renamedAtMs = new Map<string, number[]>();
  const may = (id: string, what: keyof Permissions): boolean => world.permissions.get(id)?.[what] ?? true;
  const open = (id: string): HeldChannel => {
    const channel = held.get(id) ?? refuse(404, 10003, 'Unknown Channel');
    if (!may(channel.parentId ?? id, 'view')) refuse(403, 50001, 'Missing Access');
    return channel;
  };
  const shown = (channel: HeldChannel): unknown => ({
    id: channel.id,
    type: channel.type,
    name: channel.name,
    guild_id: world.guildId,
    parent_id: channel.parentId,
    flags: channel.requireTag ? REQUIRE_TAG : 0,
    ...(FORUMS.includes(channel.type) && {
      available_tags: channel.tags.map((tag) => ({ moderated: false, emoji_id: null, emoji_name: null, ...tag })),
    }),
    ...(THREADS.includes(channel.type) && {
      owner_id: channel.ownerId,
      applied_tags: channel.appliedTags,
      thread_metadata: {
        archived: channel.archivedAtMs !== null,
        locked: channel.locked,
        auto_archive_duration: 4320,
        archive_timestamp: new Date(channel.archivedAtMs ?? Date.now()).toISOString(),
      },
    }),
  });

  const startThread: Handler = ({ body: raw }, [id = '']) => {
    const forum = open(id);
    if (!FORUMS.includes(forum.type)) refuse(400, 50024, 'Cannot execute action on this channel type');
    if (!may(id, 'send')) refuse(403, 50013, 'Missing Permissions');
    const { name, tags, message } = checkForumPost(raw, forum);
    const first = world.store(id, message);
    const thread: HeldChannel = {
      ...heldOf({ id: first.id, type: TYPE.publicThread }),
      ...{ name, parentId: id, ownerId: world.botId, appliedTags: tags },
    };
    held.set(thread.id, thread);
    world.messages.set(thread.id, [{ ...first, channelId: thread.id }]);
    return { status: 201, body: { ...(shown(thread) as object), message: world.asApi(first) } };
  };

  const rename = (channel: HeldChannel, name: string): ApiAnswer | null => {
    const recent = (renamedAtMs.get(channel.id) ?? []).filter((at) => Date.now() - at < LIMITS.renames.inMs);
    if (recent.length >= LIMITS.renames.most) return limited(400);
    if (name.trim() === '' || name.length > 100) refuse(400, 50035, 'Invalid Form Body');
    renamedAtMs.set(channel.id, [...recent, Date.now()]);
    channel.name = name;
    return null;
  };

  const change: Handler = ({ body: raw }, [id = '']) => {
    const channel = open(id);
    const { name, archived, ...others } = asFields(raw, 'body');
    if (Object.keys(others).length > 0) refuse(400, 50035, 'Invalid Form Body');
    if (channel.locked || !THREADS.includes(channel.type)) refuse(403, 50013, 'Missing Permissions');
    const limit = typeof name === 'string' && name !== channel.name ? rename(channel, name) : null;
    if (typeof archived === 'boolean') channel.archivedAtMs = archived ? Date.now() : null;
    return limit ?? { status: 200, body: shown(channel) };
  };

  /** Without threads, and without what is hidden from the bot, which is in one guild. */
  const list: Handler = (_request, [guildId]) => {
    if (guildId !== world.guildId) refuse(404, 10004, 'Unknown Guild');
    const seen = [...held.values()].filter(({ id, type }) => !THREADS.includes(type) && may(id, 'view'));
    return { status: 200, body: seen.map(shown) };
  };

  const active: Handler = () => ({
    status: 200,
    body: {
      threads: threads()
        .filter(({ archivedAtMs }) => archivedAtMs === null)
        .map(shown),
      members: [],
    },
  });
  const threads = (): HeldChannel[] => [...held.values()].filter(({ type }) => THREADS.includes(type));

  const archivedThreads: Handler = ({ query }, [id = '']) => {
    open(id);
    if (!may(id, 'history')) refuse(403, 50001, 'Missing Access');
    const before = query.get('before');
    const all = threads()
      .filter(({ parentId, archivedAtMs }) => parentId === id && archivedAtMs !== null)
      .filter(({ archivedAtMs }) => before === null || Number(archivedAtMs) < Date.parse(before))
      .sort((a, b) => Number(b.archivedAtMs) - Number(a.archivedAtMs));
    const limit = Number(query.get('limit') ?? 50);
    if (!(limit >= 2 && limit <= 100)) refuse(400, 50035, 'Invalid Form Body');
    return {
      status: 200,
      body: { threads: all.slice(0, limit).map(shown), members: [], has_more: all.length > limit },
    };
  };

  const crosspost: Handler = (_request, [id = '', messageId]) => {
    const channel = open(id);
    if (channel.type !== TYPE.announcement) refuse(400, 50024, 'Cannot execute action on this channel type');
    const all = world.messages.get(id) ?? [];
    const at = all.findIndex((message) => message.id === messageId);
    const message = all[at] ?? refuse(404, 10008, 'Unknown Message');
    if ((message.flags & CROSSPOSTED) !== 0) refuse(400, 40033, 'This message has already been crossposted');
    const recent = (publishedAtMs.get(id) ?? []).filter((time) => Date.now() - time < HOUR_MS);
    if (recent.length >= (world.crosspostsAnHour ?? LIMITS.crosspostsAnHour)) return limited(3_000);
    publishedAtMs.set(id, [...recent, Date.now()]);
    all[at] = { ...message, flags: message.flags | CROSSPOSTED };
    return { status: 200, body: world.asApi(message) };
  };

  const getMessage: Handler = (_request, [id = '', messageId]) => {
    open(id);
    const message = (world.messages.get(id) ?? []).find((one) => one.id === messageId);
    return { status: 200, body: world.asApi(message ?? refuse(404, 10008, 'Unknown Message')) };
  };

  return {
    get: (id) => held.get(id),
    threadsOf: (id) => threads().filter(({ parentId }) => parentId === id),
    routes: [
      ['GET /channels/:id', (_request, [id = '']) => ({ status: 200, body: shown(open(id)) })],
      ['PATCH /channels/:id', change],
      ['POST /channels/:id/threads', startThread],
      ['GET /guilds/:id/channels', list],
      ['GET /guilds/:id/threads/active', active],
      ['GET /channels/:id/threads/archived/public', archivedThreads],
      ['POST /channels/:id/messages/:id/crosspost', crosspost],
      ['GET /channels/:id/messages/:id', getMessage],
    ],
    beforeSending: (id) => {
      const channel = open(id);
      if (FORUMS.includes(channel.type)) refuse(400, 50008, 'Cannot send messages in a non-text channel');
      if (channel.locked) refuse(400, 160005, 'Thread is locked');
      channel.archivedAtMs = null;
    },
    beforeEditing: (id) => {
      if (open(id).archivedAtMs !== null) refuse(400, 50083, 'Thread is archived');
    },
  };
}
