import { existsSync } from 'node:fs';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join, parse, resolve } from 'node:path';
import { env, stderr, stdin, stdout } from 'node:process';
import Table from 'cli-table3';
import type { Figure, Suite } from './suite.js';

const ROOT = join(import.meta.dirname, '..', '..');
const SUITES = join(import.meta.dirname, 'suites');
const RESULTS = join(ROOT, 'coverage', 'eval.json');

interface Scored {
  readonly suite: string;
  readonly figures: readonly Figure[];
}

const progress = (line: string): void => {
  stderr.write(`${line}\n`);
};

async function suiteNames(): Promise<string[]> {
  const files = await readdir(SUITES);
  return files.map((file) => parse(file).name).sort();
}

async function suiteNamed(name: string): Promise<Suite> {
  const module = (await import(new URL(`./suites/${name}.ts`, import.meta.url).href)) as { readonly suite: Suite };
  return module.suite;
}

async function predict(name: string, args: readonly string[]): Promise<number> {
  const suite = await suiteNamed(name);
  const answer = (prediction: unknown) => stdout.write(`${JSON.stringify(prediction)}\n`);
  await suite.predict({ args, input: stdin, answer, progress });
  return 0;
}

/** Scores what there is data for. Fails when a suite could not be scored, and not when a goal is missed. */
async function scoreAll(names: readonly string[], dataDir: string): Promise<number> {
  const scored: Scored[] = [];
  let isComplete = true;
  for (const name of names) {
    const suite = await suiteNamed(name);
    const missing = suite.needs.map((path) => join(dataDir, path)).filter((path) => !existsSync(path));
    if (missing.length > 0) {
      progress(missingText(name, missing));
      isComplete = false;
      continue;
    }
    progress(`${name}: scoring …`);
    scored.push({ suite: name, figures: await suite.score(dataDir, `npm run --silent eval -- ${name}`) });
  }
  if (scored.length > 0) await publish(scored);
  return isComplete ? 0 : 1;
}

function missingText(name: string, missing: readonly string[]): string {
  return [
    `${name}: not scored, because this data is missing:`,
    ...missing.map((path) => `  ${path}`),
    'The data is not part of the project. Set TIDINGS_DATA to the folder that holds it. `npm test` needs none.',
  ].join('\n');
}

async function publish(scored: readonly Scored[]): Promise<void> {
  const table = new Table({ head: ['suite', 'figure', 'value', 'goal', ''], style: { head: [], border: [] } });
  for (const { suite, figures } of scored) {
    table.push(...figures.map((figure) => [suite, figure.name, shown(figure.value, figure), ...goal(figure)]));
  }
  await mkdir(join(RESULTS, '..'), { recursive: true });
  await writeFile(RESULTS, `${JSON.stringify({ scored }, null, 2)}\n`);
  stdout.write(`${table.toString()}\nWritten to ${RESULTS}\n`);
}

function goal(figure: Figure): [goal: string, met: string] {
  const { value, atLeast, atMost } = figure;
  if (atMost !== undefined) return [`≤ ${shown(atMost, figure)}`, value <= atMost ? 'met' : 'missed'];
  return atLeast === null ? ['', ''] : [`≥ ${shown(atLeast, figure)}`, value >= atLeast ? 'met' : 'missed'];
}

function shown(value: number, { unit }: Figure): string {
  return unit === 'count' ? String(value) : `${(value * 100).toFixed(2)} %`;
}

async function main([name, ...args]: readonly string[]): Promise<number> {
  const names = await suiteNames();
  const dataDir = resolve(env['TIDINGS_DATA'] ?? join(ROOT, '..', 'shared', 'data'));
  if (name === undefined) return scoreAll(names, dataDir);
  if (names.includes(name)) return predict(name, args);
  progress(`There is no suite "${name}". Suites: ${names.join(', ')}.`);
  return 2;
}

process.exitCode = await main(process.argv.slice(2));
