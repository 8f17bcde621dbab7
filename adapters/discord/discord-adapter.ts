import { REST, RESTEvents, Routes, type APIMessage, type APIUser, type RESTOptions } from 'discord.js';
import type { ChatAdapter } from '../../src/chat/chat-adapter.js';
import type { CommandSpec, OnCommand } from '../../src/chat/command.js';
import type { PostOutcome } from '../../src/chat/post-outcome.js';
import type { Clock } from '../../src/clock.js';
import { errorStack, type Logger } from '../../src/log.js';
import { createInFlight, type InFlight } from './background.js';
import { classify } from './classify.js';
import type { CommandInteraction } from './commands.js';
import { findMessage, type History } from './find-message.js';
import { createGate, type Gate } from './gate.js';
import { runGateway } from './gateway.js';
import { answerInteraction, deferByRequest, isAnswerable, type SendDeferral } from './interactions.js';
import { createInteractionsRoute } from './interactions-route.js';
import { createMakeRequest } from './make-request.js';
import { nonceFor } from './nonce.js';
import { registerCommands } from './register-commands.js';
import { renderMessage } from './render.js';

export interface DiscordOptions {
  readonly token: string;
  /** Asked of Discord when null. */
  readonly applicationId: string | null;
  /** 64 hex digits; with it, interactions are taken over HTTP too. */
  readonly publicKey: string | null;
  /** Ends in `/api`, without a version. */
  readonly apiUrl: string;
  readonly clock: Clock;
  readonly log: Logger;
}

/** Over headers and body of one request; with the wait in discord.js' queue, an attempt ends within 15 s. */
const REQUEST_DEADLINE_MS = 12_000;
const ATTEMPT_DEADLINE_MS = 14_000;
/** `start` waits this long for a first word of Discord; what is not up by then comes up in the background. */
const FIRST_TRY_MS = 10_000;
/** An answer to a command waits out a short limit, where a post is put back instead. */
const LONGEST_ANSWER_WAIT_MS = 5_000;
const WARN_EVERY_INVALID_REQUESTS = 500;

interface Parts {
  readonly options: DiscordOptions;
  readonly gate: Gate;
  readonly restOptions: Partial<RESTOptions>;
  /** With the bot's token. */
  readonly rest: REST;
  /** For interactions, which carry their own token and stand outside the bot's limits. */
  readonly answers: REST;
  readonly inFlight: InFlight;
}

/** Discord through discord.js: posts over REST alone; commands over the gateway, and over HTTP with a public key. */
export function createDiscordAdapter(options: DiscordOptions): ChatAdapter {
  const parts = createParts(options);
  const posting = createPosting(parts);
  const commands = createCommandSide(parts);
  return { platform: 'discord', ...posting, ...commands };
}

function createParts(options: DiscordOptions): Parts {
  const { clock, log } = options;
  const gate = createGate(clock, log);
  const restOptions: Partial<RESTOptions> = {
    api: options.apiUrl,
    version: '10',
    retries: 0,
    timeout: ATTEMPT_DEADLINE_MS,
    rejectOnRateLimit: () => true,
    invalidRequestWarningInterval: WARN_EVERY_INVALID_REQUESTS,
    makeRequest: createMakeRequest(gate, REQUEST_DEADLINE_MS),
  };
  const rest = new REST(restOptions).setToken(options.token);
  rest.on(RESTEvents.InvalidRequestWarning, ({ count, remainingTime }) => {
    log.warn('discord.invalid-requests', { count, remainingMs: remainingTime, bannedAt: 10_000 });
  });
  const answers = new REST({
    ...restOptions,
    rejectOnRateLimit: ({ retryAfter }) => retryAfter > LONGEST_ANSWER_WAIT_MS,
  });
  return { options, gate, restOptions, rest, answers, inFlight: createInFlight() };
}

function createPosting({ options, gate, rest, inFlight }: Parts): Pick<ChatAdapter, 'post' | 'edit' | 'find'> {
  const attempt = (send: (signal: AbortSignal) => Promise<unknown>): Promise<PostOutcome> =>
    inFlight.track(settle(gate, send));
  const ownId = createOwnId(rest);
  return {
    post: (channel, message, key) =>
      attempt((signal) =>
        rest.post(Routes.channelMessages(channel.channelId), {
          body: { ...renderMessage(message), nonce: nonceFor(key.id), enforce_nonce: true },
          signal,
        }),
      ),
    edit: (channel, messageId, message) =>
      attempt((signal) =>
        rest.patch(Routes.channelMessage(channel.channelId, messageId), { body: renderMessage(message), signal }),
      ),
    find: (channel, message, key) =>
      inFlight.track(
        findMessage(
          { ownId, page: pagesOf(rest, channel.channelId) },
          { body: renderMessage(message), key },
          options.clock(),
        ),
      ),
  };
}

/** One request at most, and none while the gate is closed. */
async function settle(gate: Gate, send: (signal: AbortSignal) => Promise<unknown>): Promise<PostOutcome> {
  const refusal = gate.refusal();
  if (refusal) return refusal;
  try {
    const answer = await send(AbortSignal.timeout(ATTEMPT_DEADLINE_MS));
    const messageId = typeof answer === 'object' && answer !== null && 'id' in answer ? answer.id : null;
    return typeof messageId === 'string'
      ? { kind: 'posted', messageId }
      : { kind: 'unknown', detail: 'the answer is not a message' };
  } catch (error) {
    return classify(error);
  }
}

function pagesOf(rest: REST, channelId: string): History['page'] {
  return async ({ after, limit }) => {
    const query = new URLSearchParams({ limit: String(limit), ...(after === undefined ? {} : { after }) });
    const signal = AbortSignal.timeout(ATTEMPT_DEADLINE_MS);
    return (await rest.get(Routes.channelMessages(channelId), { query, signal })) as APIMessage[];
  };
}

/** Asked once: a bot's user never changes. */
function createOwnId(rest: REST): () => Promise<string> {
  let ownId: string | null = null;
  return async () => {
    ownId ??= ((await rest.get(Routes.user('@me'))) as APIUser).id;
    return ownId;
  };
}

interface Listening {
  readonly specs: readonly CommandSpec[];
  readonly onCommand: OnCommand;
}

function createCommandSide(parts: Parts): Pick<ChatAdapter, 'routes' | 'start' | 'stop'> {
  const { options, rest, answers, inFlight } = parts;
  const { log, publicKey } = options;
  const stopping = new AbortController();
  let listening: Listening | null = null;

  const onInteraction = (interaction: CommandInteraction, sendDeferral: SendDeferral): void => {
    if (listening)
      void inFlight.track(answerInteraction({ rest: answers, log, ...listening }, interaction, sendDeferral));
  };
  return {
    routes:
      publicKey === null
        ? []
        : [createInteractionsRoute({ publicKey, log, isOpen: () => listening !== null, onInteraction })],
    start: async (specs, onCommand) => {
      if (listening || stopping.signal.aborted) return;
      listening = { specs, onCommand };
      await beginCommands(parts, { specs, signal: stopping.signal, onInteraction });
    },
    stop: async () => {
      listening = null;
      stopping.abort();
      await inFlight.settled();
      for (const one of [rest, answers]) {
        one.clearHandlerSweeper();
        one.clearHashSweeper();
      }
    },
  };
}

interface Beginning {
  readonly specs: readonly CommandSpec[];
  readonly signal: AbortSignal;
  readonly onInteraction: (interaction: CommandInteraction, sendDeferral: SendDeferral) => void;
}

/** Registers the commands and opens the gateway, both in the background; resolves when each was tried once. */
async function beginCommands(parts: Parts, { specs, signal, onInteraction }: Beginning): Promise<void> {
  const { options, gate, rest, restOptions, answers, inFlight } = parts;
  const { token, applicationId, log } = options;
  const background = (run: (onSettled: () => void) => Promise<void>): Promise<void> =>
    new Promise((resolve) => {
      const work = run(resolve).catch((error: unknown) => {
        log.error('discord.background.failed', { error: errorStack(error) });
      });
      void inFlight.track(work.then(resolve));
      setTimeout(resolve, FIRST_TRY_MS).unref();
    });
  await Promise.all([
    background((onSettled) => registerCommands({ rest, applicationId, log, specs }, signal, onSettled)),
    background((onSettled) =>
      runGateway(
        {
          token,
          rest,
          restOptions,
          log,
          onTokenRefused: gate.lock,
          onInteraction: (interaction) => {
            if (isAnswerable(interaction)) onInteraction(interaction, deferByRequest(answers, interaction));
          },
        },
        signal,
        onSettled,
      ),
    ),
  ]);
}
