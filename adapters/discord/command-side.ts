import type { ChatAdapter } from '../../src/chat/chat-adapter.js';
import type { CommandSpec, OnCommand } from '../../src/chat/command.js';
import { errorStack } from '../../src/log.js';
import type { CommandInteraction } from './commands.js';
import type { Connection } from './connection.js';
import { runGateway } from './gateway.js';
import { answerInteraction, deferByRequest, isAnswerable, type SendDeferral } from './interactions.js';
import { createInteractionsRoute } from './interactions-route.js';
import { registerCommands } from './register-commands.js';

/** `start` waits this long for a first word of Discord; what is not up by then comes up in the background. */
const FIRST_TRY_MS = 10_000;

interface Listening {
  readonly specs: readonly CommandSpec[];
  readonly onCommand: OnCommand;
}

/** Commands and buttons: over the gateway, and over HTTP when there is a public key. Nothing here can stop posting. */
export function createCommandSide(connection: Connection): Pick<ChatAdapter, 'routes' | 'start' | 'stop'> {
  const { options, rest, answers, inFlight } = connection;
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
      await beginCommands(connection, { specs, signal: stopping.signal, onInteraction });
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
async function beginCommands(connection: Connection, { specs, signal, onInteraction }: Beginning): Promise<void> {
  const { options, gate, rest, restOptions, answers, inFlight } = connection;
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
