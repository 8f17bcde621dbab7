import { benchDeliver } from './deliver.js';
import { benchHostile } from './hostile.js';
import { benchIdentity } from './identity.js';
import { benchMemory } from './memory.js';
import { readOptions, type BenchOptions } from './options.js';
import { benchPoll } from './poll.js';
import { publish, type BenchReport } from './report.js';

type Bench = (options: BenchOptions, progress: (text: string) => void) => Promise<BenchReport>;

const BENCHES: ReadonlyMap<string, Bench> = new Map([
  ['poll', benchPoll],
  ['memory', benchMemory],
  ['hostile', benchHostile],
  ['identity', benchIdentity],
  ['deliver', benchDeliver],
]);

/** `npm run bench -- <name>…`; without a name, all of them. */
const { names, options } = readOptions(process.argv.slice(2));
for (const name of names.length > 0 ? names : BENCHES.keys()) {
  const bench = BENCHES.get(name);
  if (!bench) throw new Error(`no bench is called ${name}: there are ${[...BENCHES.keys()].join(', ')}`);
  await publish(await bench(options, (text) => process.stderr.write(`${text}\n`)), (text) =>
    process.stdout.write(`${text}\n`),
  );
}
