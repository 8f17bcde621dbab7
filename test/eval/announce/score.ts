import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { pipeline } from 'node:stream/promises';
import { text } from 'node:stream/consumers';
import type { Figure } from '../suite.js';
import type { Announcement } from './recorder.js';
import { errorsOfAll, hearsAll } from './hears-all.js';

/** What the scorer says of all feeds together. */
interface Total {
  readonly truth: number;
  readonly missed: number;
  readonly duplicates: number;
  readonly false: number;
  readonly cleanFeeds: number;
  readonly feeds: number;
  readonly backfillAnnounced: number;
  readonly backfillPosts: number;
}

/** Plays the shared histories to `command`, and holds what it tells against the truth. */
export async function scoreAnnounced(dataDir: string, command: string): Promise<readonly Figure[]> {
  const folder = await mkdtemp(join(tmpdir(), 'tidings-eval-'));
  const file = join(folder, 'announced.jsonl');
  const replay = join(dataDir, 'replay');
  const { server, url } = await startServer(replay);
  try {
    await run(`${command} ${url}`, file);
    return await figures(replay, folder, await announcements(file));
  } finally {
    server.kill();
    await rm(folder, { recursive: true });
  }
}

async function startServer(replay: string): Promise<{ readonly server: ChildProcess; readonly url: string }> {
  const args = [join(replay, 'tools', 'server.mjs'), '--split', replay, '--port', '0'];
  const server = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = (await once(createInterface({ input: server.stdout }), 'line')) as [string];
  return { server, url: (JSON.parse(line) as { readonly listening: string }).listening };
}

async function run(command: string, file: string): Promise<void> {
  const child = spawn(command, { shell: true, stdio: ['ignore', 'pipe', 'inherit'] });
  const closed = once(child, 'close');
  await pipeline(child.stdout, createWriteStream(file));
  const [code] = (await closed) as [number | null];
  if (code !== 0) throw new Error(`"${command}" ended with ${String(code)}`);
}

async function announcements(file: string): Promise<readonly Announcement[]> {
  const lines = (await readFile(file, 'utf8')).split('\n');
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as Announcement);
}

async function figures(replay: string, folder: string, told: readonly Announcement[]): Promise<Figure[]> {
  const toOne = told.filter((one) => !hearsAll(one));
  const total = await scored(replay, join(folder, 'by-feed.jsonl'), toOne);
  const all = await errorsOfAll(replay, told.filter(hearsAll));
  return [
    { name: 'feeds without error', value: total.cleanFeeds / total.feeds, atLeast: 1 },
    none('posts missed', total.missed),
    none('posts told again', total.duplicates),
    none('told but not new', total.false),
    none('missed by channels for all', all.missed.length),
    none('told again to channels for all', all.again.length),
    none('told to channels for all but not new', all.notNew.length),
    count('posts to tell', total.truth),
    count('told in a digest', toOne.filter((one) => one.as === 'digest').length),
    count('old posts that surfaced late, told', total.backfillAnnounced),
  ];
}

function none(name: string, value: number): Figure {
  return { name, value, unit: 'count', atLeast: null, atMost: 0 };
}

function count(name: string, value: number): Figure {
  return { name, value, unit: 'count', atLeast: null };
}

async function scored(replay: string, file: string, told: readonly Announcement[]): Promise<Total> {
  await writeFile(file, told.map((one) => `${JSON.stringify(one)}\n`).join(''));
  const args = [join(replay, 'tools', 'score.mjs'), '--split', replay, '--json', file];
  const scorer = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const { total } = JSON.parse(await text(scorer.stdout)) as { readonly total: Total };
  return total;
}
