import { writeSync } from 'node:fs';
import { kill, pid, stdin } from 'node:process';
import { createInterface } from 'node:readline';
import { createAdapters } from '../../../src/adapters.js';
import { createApp } from '../../../src/app.js';
import { systemClock } from '../../../src/clock.js';
import { readConfig } from '../../../src/config.js';
import { createLogger } from '../../../src/logger.js';
import { openOutside } from '../../../src/outside.js';
import { watchRequests } from './watched-requests.js';
import { watchSender } from './watched-sender.js';
import { watchSteps } from './watched-steps.js';

/** The bot as it starts, which tells of each step when it first takes it, and kills itself at the one that it reads. */
const tell = (line: string): void => {
  writeSync(1, `${line}\n`);
};
const taken = new Set<string>();
let deadly: string | undefined;
createInterface({ input: stdin }).on('line', (step) => {
  deadly = step;
  tell(`armed: ${step}`);
});
const steps = watchSteps(async (step) => {
  if (!taken.has(step)) tell(`step: ${step}`);
  taken.add(step);
  if (step !== deadly) return;
  tell(`killed at: ${step}`);
  kill(pid, 'SIGKILL');
  await new Promise(() => undefined);
});

const config = readConfig();
const log = createLogger({ level: config.logLevel, format: 'json', write: (text) => writeSync(2, text) });
const terminal = { write: tell, json: true, colour: false, columns: 80 };
watchRequests(steps);
const watched = watchSender(steps);
const adapters = (await createAdapters(config, terminal, { clock: systemClock, log })).map(watched.adapter);
const outside = await openOutside(config, { log, adapters });
const app = await createApp(config, outside, { openStores: watched.openStores });
await steps.always(() => app.start());
writeSync(2, 'Tidings runs\n');
process.once('SIGTERM', () => {
  void app
    .stop()
    .then(() => outside.close())
    .then(() => process.exit(0));
});
