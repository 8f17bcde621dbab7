import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { env } from 'node:process';
import { createInterface } from 'node:readline';
import type { DiscordServer } from './discord/discord-server.js';
import type { FastTime } from './fast-time.js';
import type { SlackServer } from './slack/slack-server.js';
import { BOT_TOKEN } from './slack/workspace.js';

/** A process with the role `deliver`. */
export interface SenderProcess {
  readonly process: ChildProcess;
  /** Resolves once it has begun to work. */
  readonly runs: Promise<void>;
  /** What it wrote to its standard output so far, line by line. */
  readonly told: readonly string[];
  /** Resolves once it has ended, and all it told is there. */
  readonly ended: Promise<void>;
  readonly tell: (line: string) => void;
}

export interface SenderParts {
  /** What Node runs, with its arguments. */
  readonly program: readonly string[];
  readonly databaseUrl: string;
  readonly redisUrl: string | null;
  readonly slack: SlackServer;
  readonly discord: DiscordServer;
  readonly time: FastTime;
  readonly noteLook: (found: string) => void;
}

/** `SENDERS_LOG` names a file for what they log. */
export function startSender(parts: SenderParts): SenderProcess {
  const { program, databaseUrl, redisUrl, slack, discord, time, noteLook } = parts;
  const child = spawn(process.execPath, [...time.nodeFlags, ...program], {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: {
      PATH: env['PATH'],
      DATABASE_URL: databaseUrl,
      ...(redisUrl && { REDIS_URL: redisUrl }),
      TIDINGS_ROLES: 'deliver',
      SLACK_BOT_TOKEN: BOT_TOKEN,
      SLACK_API_URL: slack.apiUrl,
      DISCORD_TOKEN: discord.token,
      DISCORD_APPLICATION_ID: discord.applicationId,
      DISCORD_API_URL: discord.apiUrl,
    },
  });
  const logFile = env['SENDERS_LOG'];
  if (logFile) child.stderr.pipe(createWriteStream(logFile, { flags: 'a' }));
  const runs = new Promise<void>((resolve) => {
    createInterface({ input: child.stderr }).on('line', (line) => {
      if (line.includes('Tidings runs')) resolve();
      const [, found] = /"found":"([a-z-]+)"/.exec(line) ?? [];
      if (found !== undefined) noteLook(found);
    });
    child.once('exit', () => {
      resolve();
    });
  });
  const told: string[] = [];
  createInterface({ input: child.stdout }).on('line', (line) => told.push(line));
  // It may be gone by the time that it is told something.
  child.stdin.on('error', () => undefined);
  const ended = new Promise<void>((resolve) => {
    child.once('close', () => {
      resolve();
    });
  });
  return { process: child, runs, told, ended, tell: (line) => child.stdin.write(`${line}\n`) };
}

/** Resolves with its exit code; null if a signal ended it. */
export async function endSender({ process: sender }: SenderProcess, signal: NodeJS.Signals): Promise<number | null> {
  if (sender.exitCode !== null || sender.signalCode !== null) return sender.exitCode;
  const ended = once(sender, 'exit');
  sender.kill(signal);
  const [code] = (await ended) as [number | null];
  return code;
}
