import { REST, RESTEvents, type RESTOptions } from 'discord.js';
import type { PlatformPace } from '../../src/chat/chat-adapter.js';
import type { Clock } from '../../src/clock.js';
import type { Logger } from '../../src/log.js';
import { createInFlight, type InFlight } from './background.js';
import { createGate, type Gate } from './gate.js';
import { createMakeRequest } from './make-request.js';
import { createRooms, type Rooms } from './rooms.js';

export interface DiscordOptions {
  readonly token: string;
  /** Asked of Discord when null. */
  readonly applicationId: string | null;
  /** 64 hex digits; with it, interactions are taken over HTTP too. */
  readonly publicKey: string | null;
  /** Ends in `/api`, without a version. */
  readonly apiUrl: string;
  readonly pace?: PlatformPace;
  readonly clock: Clock;
  readonly log: Logger;
}

/** Over headers and body of one request; with the wait in discord.js' queue, an attempt ends within 15 s. */
const REQUEST_DEADLINE_MS = 12_000;
export const ATTEMPT_DEADLINE_MS = 14_000;
/** An answer to a command waits out a short limit, where a post is put back instead. */
const LONGEST_ANSWER_WAIT_MS = 5_000;
const WARN_EVERY_INVALID_REQUESTS = 500;

/** What posting and the command side share. */
export interface Connection {
  readonly options: DiscordOptions;
  readonly gate: Gate;
  readonly rooms: Rooms;
  readonly restOptions: Partial<RESTOptions>;
  /** With the bot's token. */
  readonly rest: REST;
  /** For interactions, which carry their own token and stand outside the bot's limits. */
  readonly answers: REST;
  readonly inFlight: InFlight;
}

/** discord.js' REST clients, made safe for posting: one request per attempt, one deadline, no waiting in a queue. */
export function createConnection(options: DiscordOptions): Connection {
  const { clock, log } = options;
  const gate = createGate(clock, log);
  const rooms = createRooms();
  const restOptions: Partial<RESTOptions> = {
    api: options.apiUrl,
    version: '10',
    retries: 0,
    offset: 0,
    // Whoever gives up our pace wants none of the SDK's either.
    ...(options.pace?.perBot === null && { globalRequestsPerSecond: Infinity }),
    timeout: ATTEMPT_DEADLINE_MS,
    rejectOnRateLimit: () => true,
    invalidRequestWarningInterval: WARN_EVERY_INVALID_REQUESTS,
    makeRequest: createMakeRequest(gate, rooms, REQUEST_DEADLINE_MS),
  };
  const rest = new REST(restOptions).setToken(options.token);
  rest.on(RESTEvents.InvalidRequestWarning, ({ count, remainingTime }) => {
    log.warn('discord.invalid-requests', { count, remainingMs: remainingTime, bannedAt: 10_000 });
  });
  const answers = new REST({
    ...restOptions,
    rejectOnRateLimit: ({ retryAfter }) => retryAfter > LONGEST_ANSWER_WAIT_MS,
  });
  return { options, gate, rooms, restOptions, rest, answers, inFlight: createInFlight() };
}
