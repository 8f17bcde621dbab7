import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { accessSync, constants, mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { env } from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';

/** A Redis that tests may fill; its keys are told apart by a prefix. */
export interface TestRedis {
  readonly url: string;
  readonly drop: () => Promise<void>;
}

/** A private `redis-server` process that tests may break. */
export interface RedisServer extends TestRedis {
  /** SIGKILL. It forgets everything. */
  readonly kill: () => Promise<void>;
  /** The same port, empty. */
  readonly start: () => Promise<void>;
  /** SIGSTOP: connections stay open, nothing answers. */
  readonly pause: () => void;
  readonly resume: () => void;
}

/** The Redis of `REDIS_URL`, or a private one. */
export async function openTestRedis(): Promise<TestRedis> {
  const url = redisUrl();
  return url === null ? startRedisServer() : { url, drop: () => Promise.resolve() };
}

export async function startRedisServer(): Promise<RedisServer> {
  const folder = mkdtempSync(join(tmpdir(), 'tidings-redis-'));
  const port = await freePort();
  let server: ChildProcess | null = null;

  const start = async (): Promise<void> => {
    server = spawn(
      redisBinary() ?? 'redis-server',
      ['--port', String(port), '--bind', '127.0.0.1', '--dir', folder, '--appendonly', 'no', '--save', ''],
      { stdio: 'ignore' },
    );
    await answers(port);
  };
  const kill = async (): Promise<void> => {
    if (server?.exitCode !== null || server.signalCode !== null) return;
    const exited = once(server, 'exit');
    server.kill('SIGKILL');
    await exited;
  };
  await start();
  return {
    url: `redis://127.0.0.1:${String(port)}`,
    start,
    kill,
    pause: () => server?.kill('SIGSTOP'),
    resume: () => server?.kill('SIGCONT'),
    drop: async () => {
      await kill();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** A port of 127.0.0.1 that nobody listens on. */
export async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, 'close');
  return port;
}

async function answers(port: number): Promise<void> {
  const deadline = Date.now() + 10_000;
  while (!(await accepts(port))) {
    if (Date.now() > deadline) throw new Error(`redis-server does not listen on port ${String(port)}`);
    await sleep(20);
  }
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    const settle = (answer: boolean): void => {
      socket.destroy();
      resolve(answer);
    };
    socket.once('connect', () => {
      settle(true);
    });
    socket.once('error', () => {
      settle(false);
    });
  });
}

/** The Redis that the operator of the tests gave, or null. */
export function redisUrl(): string | null {
  const url = env['REDIS_URL'];
  return url === undefined || url === '' ? null : url;
}

/** The `redis-server` on the PATH, or null. */
export function redisBinary(): string | null {
  const folders = (env['PATH'] ?? '').split(delimiter);
  return folders.map((folder) => join(folder, 'redis-server')).find(isExecutable) ?? null;
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
