import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type WebSocket } from 'ws';

const OP = { dispatch: 0, heartbeat: 1, identify: 2, resume: 6, invalidSession: 9, hello: 10, ack: 11 };
const HEARTBEAT_MS = 41_250;
const GUILDS_INTENT = 1;

export interface GatewaySettings {
  readonly token: () => string | null;
  readonly applicationId: string;
  readonly guildId: string;
  readonly channelIds: readonly string[];
  readonly url: () => string;
}

interface Session {
  readonly id: string;
  readonly log: { readonly s: number; readonly t: string; readonly d: unknown }[];
  socket: WebSocket | null;
}

/** Discord's gateway: HELLO, IDENTIFY, READY, GUILD_CREATE, heartbeats, RESUME, close codes. */
export interface FakeGateway {
  readonly upgrade: (request: IncomingMessage, socket: Duplex, head: Buffer) => void;
  readonly dispatch: (type: string, payload: unknown) => void;
  readonly identifies: () => number;
  readonly resumes: () => number;
  readonly heartbeats: () => number;
  readonly connections: () => number;
  /** Closes every connection with this code. */
  readonly closeAll: (code: number) => void;
  /** From now on every connection is closed with this code as soon as it identified; null ends that. */
  readonly refuseWith: (code: number | null) => void;
  readonly close: () => void;
}

export function createFakeGateway(settings: GatewaySettings): FakeGateway {
  const server = new WebSocketServer({ noServer: true });
  const sessions = new Map<string, Session>();
  const counts = { identifies: 0, resumes: 0, heartbeats: 0, connections: 0 };
  let closingCode: number | null = null;

  const emit = (session: Session, t: string, d: unknown): void => {
    const event = { op: OP.dispatch, s: session.log.length + 1, t, d };
    session.log.push(event);
    session.socket?.send(JSON.stringify(event));
  };

  const begin = (socket: WebSocket): void => {
    const session: Session = { id: `session-${String(sessions.size)}`, log: [], socket };
    sessions.set(session.id, session);
    const user = {
      id: settings.applicationId,
      username: 'tidings',
      discriminator: '0',
      global_name: null,
      avatar: null,
      bot: true,
    };
    emit(session, 'READY', {
      v: 10,
      user,
      guilds: [{ id: settings.guildId, unavailable: true }],
      session_id: session.id,
      resume_gateway_url: settings.url(),
      application: { id: settings.applicationId, flags: 0 },
    });
    emit(session, 'GUILD_CREATE', guildOf(settings));
  };

  const identify = (socket: WebSocket, d: { token?: unknown; intents?: unknown }): void => {
    counts.identifies += 1;
    if (d.token !== settings.token()) socket.close(4004, 'Authentication failed.');
    else if (d.intents !== GUILDS_INTENT) socket.close(4014, 'Disallowed intent(s).');
    else if (closingCode !== null) socket.close(closingCode);
    else begin(socket);
  };

  const resume = (socket: WebSocket, d: { token?: unknown; session_id?: unknown; seq?: unknown }): void => {
    counts.resumes += 1;
    const session = sessions.get(String(d.session_id));
    if (d.token !== settings.token()) {
      socket.close(4004, 'Authentication failed.');
    } else if (!session) {
      socket.send(JSON.stringify({ op: OP.invalidSession, d: false }));
    } else {
      session.socket = socket;
      for (const event of session.log.filter(({ s }) => s > Number(d.seq))) socket.send(JSON.stringify(event));
      emit(session, 'RESUMED', {});
    }
  };

  const onMessage = (socket: WebSocket, raw: string): void => {
    const { op, d } = JSON.parse(raw) as { op: number; d: Record<string, unknown> };
    if (op === OP.heartbeat) {
      counts.heartbeats += 1;
      socket.send(JSON.stringify({ op: OP.ack }));
    } else if (op === OP.identify) identify(socket, d);
    else if (op === OP.resume) resume(socket, d);
  };

  return {
    upgrade: (request, socket, head) => {
      server.handleUpgrade(request, socket, head, (connection) => {
        counts.connections += 1;
        connection.on('message', (raw: Buffer) => {
          onMessage(connection, raw.toString('utf8'));
        });
        connection.send(JSON.stringify({ op: OP.hello, d: { heartbeat_interval: HEARTBEAT_MS } }));
      });
    },
    dispatch: (type, payload) => {
      for (const session of sessions.values()) {
        if (session.socket?.readyState === session.socket?.OPEN) emit(session, type, payload);
      }
    },
    identifies: () => counts.identifies,
    resumes: () => counts.resumes,
    heartbeats: () => counts.heartbeats,
    connections: () => counts.connections,
    closeAll: (code) => {
      for (const client of server.clients) client.close(code);
    },
    refuseWith: (code) => {
      closingCode = code;
    },
    close: () => {
      for (const client of server.clients) client.terminate();
      server.close();
    },
  };
}

function guildOf({ guildId, channelIds, applicationId }: GatewaySettings): unknown {
  return {
    id: guildId,
    name: 'Example Networks',
    owner_id: applicationId,
    unavailable: false,
    member_count: 2,
    large: false,
    roles: [
      {
        id: guildId,
        name: '@everyone',
        permissions: '0',
        position: 0,
        color: 0,
        hoist: false,
        managed: false,
        mentionable: false,
      },
    ],
    channels: channelIds.map((id, position) => ({
      id,
      type: 0,
      name: `channel-${String(position)}`,
      position,
      permission_overwrites: [],
    })),
    members: [],
    emojis: [],
    stickers: [],
    threads: [],
    stage_instances: [],
    presences: [],
    voice_states: [],
    guild_scheduled_events: [],
    features: [],
  };
}
