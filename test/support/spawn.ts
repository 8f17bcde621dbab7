import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { env, kill } from 'node:process';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';

/** A source file that runs in a process, and a process group, of its own. */
export interface Child {
  readonly pid: number;
  /** What it has written to standard output and standard error so far, line by line. */
  readonly lines: () => readonly string[];
  /** The first line, past or future, that matches. Rejects if the process ends or the time is up before. */
  readonly line: (pattern: RegExp, withinMs?: number) => Promise<string>;
  /** Writes one line to its standard input. */
  readonly tell: (line: string) => void;
  /** Signals it (or its whole group, as Ctrl-C in a terminal does) and waits for its end. */
  readonly kill: (signal: NodeJS.Signals, whom?: 'process' | 'group') => Promise<void>;
  /** Its exit code; null if a signal ended it. */
  readonly exited: Promise<number | null>;
}

export interface SpawnOptions {
  readonly args?: readonly string[];
  /** The whole environment, but for PATH and HOME. */
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** Another user to run as; only root can. It may read everything, so that a checkout under /root is no obstacle. */
  readonly user?: string;
}

const ROOT = join(import.meta.dirname, '..', '..');
const TSX = pathToFileURL(join(ROOT, 'node_modules', 'tsx', 'dist', 'loader.mjs')).href;
const WITHIN_MS = 15_000;

/** Runs a TypeScript file of this repository, given by its path from the root ("src/main.ts"). */
export function spawnSource(file: string, options: SpawnOptions = {}): Child {
  const command = [process.execPath, '--import', TSX, join(ROOT, file), ...(options.args ?? [])];
  const [program = '', ...args] = [...asUser(options.user), ...command];
  const child = spawn(program, args, {
    cwd: options.cwd ?? ROOT,
    env: { PATH: env['PATH'], HOME: env['HOME'], ...options.env },
    detached: true,
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const lines: string[] = [];
  const waiting = new Set<() => void>();
  const wake = () => {
    for (const check of waiting) check();
  };
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on('line', (line) => {
      lines.push(line);
      wake();
    });
  }
  child.stdin.on('error', () => undefined);
  const exited = new Promise<number | null>((resolve) => {
    child.once('error', (error) => {
      lines.push(String(error));
      resolve(null);
    });
    child.once('close', resolve);
  });
  let ended = false;
  void exited.then(() => {
    ended = true;
    wake();
  });
  const pid = child.pid ?? 0;
  return {
    pid,
    lines: () => lines,
    line: (pattern, withinMs = WITHIN_MS) =>
      new Promise((resolve, reject) => {
        const settle = (finish: () => void) => {
          clearTimeout(timer);
          waiting.delete(check);
          finish();
        };
        const fail = (why: string) => {
          settle(() => {
            reject(new Error(`${file} ${why} before a line matched ${String(pattern)}:\n${lines.join('\n')}`));
          });
        };
        const check = () => {
          const found = lines.find((line) => pattern.test(line));
          if (found !== undefined) {
            settle(() => {
              resolve(found);
            });
          } else if (ended) fail('ended');
        };
        const timer = setTimeout(() => {
          fail(`ran for ${String(withinMs)} ms`);
        }, withinMs);
        waiting.add(check);
        check();
      }),
    tell: (line) => child.stdin.write(`${line}\n`),
    kill: async (signal, whom = 'process') => {
      if (pid > 0 && !ended) kill(whom === 'group' ? -pid : pid, signal);
      await exited;
    },
    exited,
  };
}

function asUser(user: string | undefined): string[] {
  if (user === undefined) return [];
  const capability = '+dac_read_search';
  const privileges = [
    '--clear-groups',
    '--securebits=+no_setuid_fixup',
    `--inh-caps=${capability}`,
    `--ambient-caps=${capability}`,
  ];
  return ['setpriv', `--reuid=${user}`, '--regid=65534', ...privileges, '--'];
}
