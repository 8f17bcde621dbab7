import { createInterface } from 'node:readline';
import type { Logger } from '../../src/log.js';
import { openDatabase } from '../../src/store/database.js';

/** Opens the database in the folder given as argument, says so, runs the SQL it is told, and stops on "stop". */
const write = (line: string) => process.stdout.write(`${line}\n`);
const logLine = (event: string) => {
  write(`log ${event}`);
};
const log: Logger = { debug: logLine, info: logLine, warn: logLine, error: logLine };

try {
  const database = await openDatabase({
    databaseUrl: null,
    dataDir: process.argv[2] ?? '',
    log,
    onProgress: (text) => write(`progress ${text}`),
  });
  write(`open ${database.url}`);
  for await (const line of createInterface({ input: process.stdin })) {
    if (line === 'stop') break;
    write(await database.pool.query(line).then(({ rows }) => `rows ${JSON.stringify(rows)}`, String));
  }
  process.stdin.destroy();
  await database.stop();
  write('stopped');
} catch (error) {
  write(`failed ${String(error)}`);
  process.exitCode = 78;
}
