import { Routes, type APIApplication, type REST } from 'discord.js';
import type { CommandSpec } from '../../src/chat/command.js';
import { errorText, type Logger } from '../../src/log.js';
import { backoffMs, waitMs } from './background.js';
import { isRegistered, registrationFor } from './commands.js';
import { inviteUrl } from './invite.js';

const FIRST_RETRY_MS = 30_000;
const LONGEST_RETRY_MS = 60 * 60_000;

export interface RegisterDeps {
  readonly rest: REST;
  /** Asked of Discord when null. */
  readonly applicationId: string | null;
  readonly log: Logger;
}

/** Registers the commands, trying until it works or `signal`; `onSettled` is called after the first try. */
export async function registerCommands(
  deps: RegisterDeps & { readonly specs: readonly CommandSpec[] },
  signal: AbortSignal,
  onSettled: () => void,
): Promise<void> {
  for (let failures = 1; !signal.aborted; failures += 1) {
    const trouble = await tryToRegister(deps);
    onSettled();
    if (trouble === null) return;
    const retryInMs = backoffMs(failures, FIRST_RETRY_MS, LONGEST_RETRY_MS);
    if (failures === 1) {
      deps.log.warn('discord.commands.unregistered', {
        error: trouble,
        retryInMs,
        detail: 'Discord does not list /tidings yet; posts go out all the same. Tried again until it works.',
      });
    }
    await waitMs(retryInMs, signal);
  }
}

async function tryToRegister(deps: RegisterDeps & { readonly specs: readonly CommandSpec[] }): Promise<string | null> {
  const { rest, log, specs } = deps;
  try {
    const applicationId = deps.applicationId ?? (await ownApplicationId(rest));
    const wanted = registrationFor(specs);
    // Discord takes 200 new commands a day: a start that changes nothing must register nothing.
    if (isRegistered(await rest.get(Routes.applicationCommands(applicationId)), wanted)) return null;
    await rest.put(Routes.applicationCommands(applicationId), { body: [wanted] });
    log.info('discord.commands.registered', { commands: specs.length, inviteUrl: inviteUrl(applicationId) });
    return null;
  } catch (error) {
    return errorText(error);
  }
}

async function ownApplicationId(rest: REST): Promise<string> {
  const { id } = (await rest.get(Routes.currentApplication())) as APIApplication;
  return id;
}
