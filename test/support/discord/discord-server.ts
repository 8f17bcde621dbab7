import { generateKeyPairSync, sign } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { isCarriedOut, playFault, type DiscordFault } from './faults.js';
import { createFakeGateway, type FakeGateway } from './gateway.js';
import { interactionPayload, type InteractionRequest } from './interaction-payload.js';
import { createLimits } from './limits.js';
import { readEmbed, readMarkdown } from './markdown.js';
import type { StoredMessage, Permissions, ApiAnswer } from './api.js';
import { createPlatform, routeOf, type InteractionState, type Platform, type Settings } from './platform.js';
import { Refused } from './validate.js';

export interface DiscordServerOptions extends Partial<Settings> {
  /** False: a server that knows only REST and answers 404 to GET /gateway/bot. */
  readonly gateway?: boolean;
  /** 0 takes any free port. */
  readonly port?: number;
  /** An answer is this long on its way after the request was carried out. */
  readonly answerDelayMs?: number;
  /** Requests in any second, over all channels and all processes; no limit if it is not given. */
  readonly globalPerSecond?: number;
  /** Asked about each request that no other fault waits for. */
  readonly mishap?: (request: RecordedRequest) => DiscordFault | null;
  /** Calls `work` after that time; for requests that are carried out late. */
  readonly after?: (ms: number, work: () => void) => void;
  /** False: forgets requests, for runs of very many. */
  readonly remembers?: boolean;
  /** How many of today's 1000 session starts are used up. */
  readonly sessionStartsUsed?: number;
}

export interface RecordedRequest {
  readonly method: string;
  /** Without `/api/v10`. */
  readonly path: string;
  /** `POST /channels/:id/messages`. */
  readonly route: string;
  readonly body: unknown;
  readonly headers: IncomingMessage['headers'];
  readonly atMs: number;
}

export interface DiscordServer {
  /** Ends in `/api`, without a version. */
  readonly apiUrl: string;
  readonly token: string;
  readonly applicationId: string;
  /** Ed25519, 64 hex digits. */
  readonly publicKey: string;
  readonly guildId: string;
  readonly channelId: string;
  readonly otherChannelId: string;
  readonly gateway: FakeGateway;
  readonly platform: Platform;
  readonly messages: (channelId: string) => StoredMessage[];
  /** What a reader sees, one string per message; pings of the whole server at the end of the last. */
  readonly visible: (channelId: string) => string[];
  readonly requests: (route?: string) => RecordedRequest[];
  /** The next `times` requests of this route meet the fault. */
  readonly fail: (route: string, fault: DiscordFault, times?: number) => void;
  /** 429s because a limit was passed, not because a test asked for one. */
  readonly limitHits: () => number;
  readonly permit: (channelId: string, permissions: Permissions) => void;
  readonly revokeToken: () => void;
  /** Over the gateway, or as a signed request to `url`. Resolves when it is sent (gateway) or answered (HTTP). */
  readonly sendInteraction: (
    request: InteractionRequest,
    url?: string,
  ) => Promise<InteractionState & { status: number }>;
  /** Refuses connections until `comeBack`. */
  readonly goDown: () => Promise<void>;
  readonly comeBack: () => Promise<void>;
  readonly close: () => Promise<void>;
}

const PREFIX = '/api/v10';
const SESSION_STARTS = 1000;

const DEFAULTS: Settings = {
  token: 'MTAwMDAwMDAwMDAwMDAwMDAx.fake.token',
  applicationId: '100000000000000001',
  guildId: '300000000000000001',
  channelIds: ['200000000000000001', '200000000000000002'],
  channels: [],
  crosspostsAnHour: null,
  nonceWindowMs: 180_000,
  bucket: null,
  interactionDeadlineMs: 3_000,
};

/** Cloudflare turns away clients that do not name themselves as Discord asks. */
function atTheDoor({ headers }: IncomingMessage, url: URL): ApiAnswer | null {
  if (!headers['user-agent']?.startsWith('DiscordBot (')) return { status: 403, body: '<html>forbidden</html>' };
  return url.pathname.startsWith(`${PREFIX}/`) ? null : { status: 404, body: { message: '404: Not Found', code: 0 } };
}

function send(response: ServerResponse, answer: ApiAnswer, text: string): void {
  if (text === '') response.writeHead(answer.status, { ...answer.headers }).end();
  else response.writeHead(answer.status, { 'content-type': 'application/json', ...answer.headers }).end(text);
}

/** A local server that speaks Discord's REST API v10 and gateway, and enforces the limits that Discord documents. */
export async function startDiscordServer(options: DiscordServerOptions = {}): Promise<DiscordServer> {
  const settings: Settings = { ...DEFAULTS, ...options };
  const keys = generateKeyPairSync('ed25519');
  const recorded: RecordedRequest[] = [];
  const after = options.after ?? ((ms, work) => void setTimeout(work, ms).unref());
  const faults: { readonly route: string; readonly fault: DiscordFault }[] = [];
  const limits = createLimits(options.globalPerSecond ?? null);
  let limitHits = 0;
  const server = createServer((request, response) => {
    void answerRequest(request, response);
  });
  const address = { port: options.port ?? 0 };
  const comeBack = async (): Promise<void> => {
    server.listen(address.port, '127.0.0.1');
    await once(server, 'listening');
    address.port = (server.address() as AddressInfo).port;
  };
  const goDown = async (): Promise<void> => {
    const closed = once(server, 'close');
    server.close();
    server.closeAllConnections();
    await closed;
  };
  const gatewayUrl = (): string => `ws://127.0.0.1:${String(address.port)}/gateway`;
  const gateway = createFakeGateway({
    token: () => (platform.validToken.value ? settings.token : null),
    applicationId: settings.applicationId,
    guildId: settings.guildId,
    channelIds: settings.channelIds,
    url: gatewayUrl,
  });
  const platform = createPlatform(settings, () => gatewayInfo(options, gateway, gatewayUrl()));

  const takeFault = (route: string): DiscordFault | null => {
    const at = faults.findIndex((one) => one.route === route);
    return at < 0 ? null : (faults.splice(at, 1)[0]?.fault ?? null);
  };

  const answerRequest = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const url = new URL(request.url ?? '/', 'http://local');
    const body = await readJson(request);
    const method = request.method ?? 'GET';
    const path = decodeURIComponent(url.pathname.slice(PREFIX.length));
    const route = routeOf(method, path);
    const seen = { method, path, route, body, headers: request.headers, atMs: Date.now() };
    if (options.remembers !== false) recorded.push(seen);
    const carryOut = (): ApiAnswer => {
      const turnedAway = limits.check(route) ?? atTheDoor(request, url);
      if (turnedAway) return turnedAway;
      const authorization = request.headers.authorization ?? null;
      return orRefusal(() => platform.handle({ method, path, query: url.searchParams, authorization, body }));
    };
    await answerWith(response, seen, carryOut);
  };
  const faultFor = (seen: RecordedRequest): DiscordFault | null =>
    takeFault(seen.route) ?? options.mishap?.(seen) ?? null;
  const outcomeOf = (
    seen: RecordedRequest,
    carryOut: () => ApiAnswer,
  ): { readonly fault: DiscordFault | null; readonly answer: ApiAnswer } => {
    const fault = faultFor(seen);
    const answer = fault && !isCarriedOut(fault) ? { status: 200, body: {} } : carryOut();
    if (!fault && answer.status === 429) limitHits += 1;
    limits.answered(fault?.kind === 'answer' ? fault : answer);
    if (fault?.kind === 'late') after(fault.byMs, carryOut);
    return { fault, answer };
  };
  const answerWith = async (
    response: ServerResponse,
    seen: RecordedRequest,
    carryOut: () => ApiAnswer,
  ): Promise<void> => {
    const { fault, answer } = outcomeOf(seen, carryOut);
    const text = answer.status === 204 ? '' : JSON.stringify(answer.body);
    if (options.answerDelayMs) await sleep(options.answerDelayMs);
    if (fault) playFault(fault, response, text);
    else send(response, answer, text);
  };

  server.on('upgrade', gateway.upgrade);
  await comeBack();
  const [channelId = '', otherChannelId = ''] = settings.channelIds;

  return {
    apiUrl: `http://127.0.0.1:${String(address.port)}/api`,
    token: settings.token,
    applicationId: settings.applicationId,
    publicKey: keys.publicKey.export({ format: 'der', type: 'spki' }).subarray(-32).toString('hex'),
    guildId: settings.guildId,
    channelId,
    otherChannelId,
    gateway,
    platform,
    messages: platform.channel,
    visible: (id) => {
      const pings = platform.pings.map((whom) => `PING(${whom})`);
      return [...platform.channel(id).map(readMessage), ...(pings.length > 0 ? [pings.join(' ')] : [])];
    },
    requests: (route) => recorded.filter((one) => route === undefined || one.route === route),
    fail: (route, fault, times = 1) => {
      for (let left = times; left > 0; left -= 1) faults.push({ route, fault });
    },
    limitHits: () => limitHits,
    permit: (id, permissions) => platform.permissions.set(id, permissions),
    revokeToken: () => {
      platform.validToken.value = false;
    },
    sendInteraction: async (request, url) => {
      const shown = request.kind === 'button' ? request.on : null;
      const state = platform.openInteraction(request.channelId ?? channelId, shown);
      const payload = interactionPayload(request, state, settings);
      if (url === undefined) {
        gateway.dispatch('INTERACTION_CREATE', payload);
        return Object.assign(state, { status: 0 });
      }
      const timestamp = String(Math.floor(Date.now() / 1_000));
      const body = JSON.stringify(payload);
      const signature = sign(null, Buffer.from(timestamp + body), keys.privateKey).toString('hex');
      const response = await fetch(url, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          'x-signature-timestamp': timestamp,
          'x-signature-ed25519': request.forged === true ? spoilt(signature) : signature,
        },
        body,
      });
      const answer = await response.text();
      if (response.ok && request.kind !== 'ping') platform.callback(state, JSON.parse(answer));
      return Object.assign(state, { status: response.status, answer });
    },
    goDown,
    comeBack,
    close: async () => {
      gateway.close();
      if (server.listening) await goDown();
    },
  };
}

function readMessage({ content, embeds }: StoredMessage): string {
  return [readMarkdown(content), ...embeds.map(readEmbed)].filter((part) => part !== '').join('\n');
}

function orRefusal(handle: () => ApiAnswer): ApiAnswer {
  try {
    return handle();
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    const { status, ...body } = error.error;
    return { status, body };
  }
}

function gatewayInfo(options: DiscordServerOptions, gateway: FakeGateway, url: string): ApiAnswer {
  if (options.gateway === false) return { status: 404, body: { message: '404: Not Found', code: 0 } };
  const remaining = SESSION_STARTS - (options.sessionStartsUsed ?? 0) - gateway.identifies();
  const limit = { total: SESSION_STARTS, remaining, reset_after: 3_600_000, max_concurrency: 1 };
  return { status: 200, body: { url, shards: 1, session_start_limit: limit } };
}

async function readJson(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  const text = Buffer.concat(chunks).toString('utf8');
  return text === '' ? null : (JSON.parse(text) as unknown);
}

/** Every bit of its first byte is another. */
function spoilt(signature: string): string {
  const first = 0xff - Number.parseInt(signature.slice(0, 2), 16);
  return first.toString(16).padStart(2, '0') + signature.slice(2);
}
