import { stderr, stdout } from 'node:process';
import { createAdapters } from '../../src/adapters.js';
import { createApp } from '../../src/app.js';
import { systemClock } from '../../src/clock.js';
import { readConfig } from '../../src/config.js';
import { createLogger } from '../../src/logger.js';
import { openOutside } from '../../src/outside.js';

/** The bot as it starts, but for the platforms' limits, which it does not keep: they must not be what is measured. */
const config = readConfig();
const write = (text: string): void => {
  stdout.write(text);
};
const log = createLogger({ level: config.logLevel, format: 'json', write: (text) => stderr.write(text) });
const pace = { perChannel: null, perBot: null };
const terminal = { write, json: true, colour: false, columns: 80 };
const adapters = await createAdapters(config, terminal, { clock: systemClock, log, pace });
const outside = await openOutside(config, { log, adapters });
const app = await createApp(config, outside);
await app.start();
process.once('SIGTERM', () => {
  void app
    .stop()
    .then(() => outside.close())
    .then(() => process.exit(0));
});
