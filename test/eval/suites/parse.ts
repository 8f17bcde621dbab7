import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { Piscina } from 'piscina';
import type { Question } from '../read-document.js';
import type { Exchange, Figure, Suite } from '../suite.js';

/** Wall-clock time for one document, not counting the start of the thread, below the scorer's own limit for hostile ones. */
const LIMIT_MS = 4_000;
const HEAP_MB = 512;

/** Feeds as bytes: is each read, and are its fields what they should be? */
export const suite: Suite = {
  needs: ['parse/run.mjs', 'parse/expected.json', 'parse/docs'],
  predict,
  score,
};

/** One line in, one line out, in order. Documents are read in a thread, so that one that takes too long can be ended. */
async function predict({ input, answer }: Exchange): Promise<void> {
  const pool = new Piscina<Question, object>({
    filename: fileURLToPath(new URL('../read-document.ts', import.meta.url)),
    name: 'readDocument',
    minThreads: 1,
    maxThreads: 1,
    resourceLimits: { maxOldGenerationSizeMb: HEAP_MB },
  });
  for await (const line of createInterface({ input })) {
    const question = JSON.parse(line) as Question;
    await pool.run(question, { name: 'warmUp' });
    answer(await pool.run(question, { signal: AbortSignal.timeout(LIMIT_MS) }).catch(trouble));
  }
  await pool.destroy();
}

function trouble(error: unknown): object {
  return { error: error instanceof Error ? `${error.name}: ${error.message}` : 'unreadable' };
}

interface Tally {
  readonly docs: number;
  readonly ok: number;
  readonly n: number;
  readonly pass: number;
}

interface Report {
  readonly summary: { readonly total: Tally; readonly macro: number; readonly cats: Readonly<Record<string, Tally>> };
}

async function score(dataDir: string, command: string): Promise<Figure[]> {
  const folder = await mkdtemp(join(tmpdir(), 'tidings-eval-'));
  const file = join(folder, 'parse.json');
  const args = [join(dataDir, 'parse', 'run.mjs'), '--cmd', command, '--batch', '--json', file];
  await once(spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'inherit'] }), 'close');
  const { summary } = JSON.parse(await readFile(file, 'utf8')) as Report;
  await rm(folder, { recursive: true });
  return [
    { name: 'documents read', value: summary.total.ok / summary.total.docs, atLeast: 0.99 },
    { name: 'checks passed', value: summary.total.pass / summary.total.n, atLeast: 0.985 },
    { name: 'mean of the categories', value: summary.macro, atLeast: null },
    ...Object.entries(summary.cats).map(([name, { pass, n }]) => ({
      name,
      value: n > 0 ? pass / n : 1,
      atLeast: null,
    })),
  ];
}
