import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text as bodyText } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { answerWith, isAfter, type SlackFault } from './faults.js';
import { createLimits } from './limits.js';
import { createReplyBoxes } from './replies.js';
import {
  commandBody,
  createSender,
  pressBody,
  type CommandToSend,
  type PressToSend,
  type Sent,
} from './signed-requests.js';
import { createSocketModeServer, type SocketModeServer } from './socket-mode-server.js';
import { callMethod, type Params, type SlackChannel, type SlackMessage, type Workspace } from './web-api.js';
import { APP_TOKEN, BOT_TOKEN, CHANNELS, TEAM_ID } from './workspace.js';

export interface SlackRequest {
  readonly method: string;
  readonly params: Params;
  readonly token: string | null;
  readonly atMs: number;
}

export interface SlackServerOptions {
  /** Per channel: so many at once, then one a second. Null for no limit. */
  readonly burst?: number | null;
  /** 0 for any free port. */
  readonly port?: number;
  /** Public channels besides those that are always there. */
  readonly channels?: readonly string[];
  /** An answer is this long on its way after the call was carried out. */
  readonly answerDelayMs?: number;
  /** Calls of each method a minute that the workspace allows; a method that is not named has no limit. */
  readonly perMinute?: Readonly<Record<string, number>>;
  /** Asked about each call that no other fault waits for. */
  readonly mishap?: (request: SlackRequest) => SlackFault | null;
  /** Calls `work` after that time; for requests that are carried out late. */
  readonly after?: (ms: number, work: () => void) => void;
  /** False: forgets requests, for runs of very many. */
  readonly remembers?: boolean;
}

export interface SlackServer {
  /** Ends in `/api/`. */
  readonly apiUrl: string;
  readonly messages: (channelId: string) => readonly SlackMessage[];
  readonly requests: (method?: string) => readonly SlackRequest[];
  /** The next `times` calls of the method meet this fault; null lets them pass. `response_url` counts as a method. */
  readonly fail: (method: string, fault: SlackFault | null, times?: number) => void;
  readonly sendCommand: (command: CommandToSend) => Promise<Sent>;
  readonly pressButton: (press: PressToSend) => Promise<Sent>;
  readonly socketMode: Pick<SocketModeServer, 'connections' | 'refresh' | 'cut'>;
  /** 429s because a limit was passed, not because a test asked for one. */
  readonly limitHits: () => number;
  /** What a client did that Slack's rules forbid. */
  readonly violations: readonly string[];
  /** Stops listening and cuts all connections; `up` listens on the same port again. */
  readonly down: () => Promise<void>;
  readonly up: () => Promise<void>;
  readonly close: () => Promise<void>;
}

/** A local server that speaks Slack's wire protocols and keeps its rules: Web API, Socket Mode, signed HTTP callbacks. */
export async function startSlackServer(options: SlackServerOptions = {}): Promise<SlackServer> {
  const violations: string[] = [];
  const requests: SlackRequest[] = [];
  const faults = new Map<string, (SlackFault | null)[]>();
  const socketMode = createSocketModeServer(violations);
  const boxes = createReplyBoxes();
  const limits = createLimits(options);
  const after = options.after ?? ((ms, work) => void setTimeout(work, ms).unref());
  let port = options.port ?? 0;
  const origin = (): string => `127.0.0.1:${String(port)}`;
  const workspace = createWorkspace(
    options.channels ?? [],
    () => `ws://${origin()}/link?ticket=${socketMode.ticket()}`,
  );

  const faultFor = (seen: SlackRequest): SlackFault | null =>
    faults.get(seen.method)?.shift() ?? options.mishap?.(seen) ?? limits.check(seen.method, seen.params);
  const answerCall = async (request: IncomingMessage, response: ServerResponse, method: string): Promise<void> => {
    const call = await readCall(request);
    const seen = { method, params: call.params, token: call.token, atMs: performance.now() };
    if (options.remembers !== false) requests.push(seen);
    const fault = faultFor(seen);
    const carryOut = (): string => JSON.stringify(call.trouble ?? callMethod(workspace, method, call));
    const answer = fault === null || isAfter(fault) ? carryOut() : '';
    if (fault?.kind === 'late') after(fault.byMs, carryOut);
    if (options.answerDelayMs) await sleep(options.answerDelayMs);
    if (fault) answerWith(fault, answer, response);
    else response.writeHead(200, { 'content-type': 'application/json; charset=utf-8' }).end(answer);
  };
  const answerReply = async (request: IncomingMessage, response: ServerResponse, id: string): Promise<void> => {
    const { status, body } = boxes.receive(id, request.headers['content-type'] ?? '', await bodyText(request));
    const fault = faults.get('response_url')?.shift();
    if (fault) answerWith(fault, body, response);
    else response.writeHead(status, { 'content-type': 'text/plain' }).end(body);
  };
  const server = createServer((request, response) => {
    const [, kind = '', name = ''] = (request.url ?? '').split('/');
    if (request.method !== 'POST' || (kind !== 'api' && kind !== 'response')) return void response.writeHead(404).end();
    // A client may give up while it sends: that is its right, and no trouble of ours.
    void (kind === 'api' ? answerCall : answerReply)(request, response, name).catch(() => response.destroy());
  });
  server.on('upgrade', socketMode.upgrade);
  const up = (): Promise<void> =>
    new Promise((resolve, reject) => {
      server.once('error', reject).listen(port, '127.0.0.1', resolve);
    });
  const down = async (): Promise<void> => {
    socketMode.cut();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  await up();
  ({ port } = server.address() as AddressInfo);

  const send = createSender(socketMode, boxes, () => `http://${origin()}/response`);
  return {
    apiUrl: `http://${origin()}/api/`,
    messages: (channelId) => workspace.messages.get(channelId) ?? [],
    requests: (method) => requests.filter((one) => method === undefined || one.method === method),
    fail: (method, fault, times = 1) => {
      faults.set(method, [...(faults.get(method) ?? []), ...Array.from({ length: times }, () => fault)]);
    },
    sendCommand: (command) => send('slash_commands', command, (responseUrl) => commandBody(command, responseUrl)),
    pressButton: (press) => send('interactive', press, (responseUrl) => pressBody(press, responseUrl)),
    socketMode,
    limitHits: limits.hits,
    violations,
    down,
    up,
    close: async () => {
      socketMode.close();
      if (server.listening) await down();
    },
  };
}

function createWorkspace(more: readonly string[], socketUrl: () => string): Workspace {
  const channel = (id: string, rest: Partial<SlackChannel> = {}): SlackChannel => ({
    ...{ id, name: id.toLowerCase(), isPrivate: false, isMember: true, isArchived: false },
    ...rest,
  });
  let count = 0;
  return {
    teamId: TEAM_ID,
    botToken: BOT_TOKEN,
    appToken: APP_TOKEN,
    channels: [
      ...[CHANNELS.news, ...more].map((id) => channel(id)),
      channel(CHANNELS.notJoined, { isMember: false }),
      channel(CHANNELS.archived, { isArchived: true }),
      channel(CHANNELS.secret, { isPrivate: true, isMember: false }),
    ],
    messages: new Map(),
    nextTs: () => `${String(Math.floor(Date.now() / 1_000))}.${String((count += 1)).padStart(6, '0')}`,
    socketUrl,
  };
}

async function readCall(
  request: IncomingMessage,
): Promise<{ params: Params; token: string | null; trouble: { ok: false; error: string } | null }> {
  const body = await bodyText(request);
  const type = request.headers['content-type'] ?? '';
  const [, token = null] = /^Bearer (\S+)$/.exec(request.headers.authorization ?? '') ?? [];
  const isForm = type.startsWith('application/x-www-form-urlencoded');
  const trouble = isForm
    ? null
    : ({ ok: false, error: type === '' ? 'missing_post_type' : 'invalid_post_type' } as const);
  return { params: Object.fromEntries(new URLSearchParams(body)), token, trouble };
}
