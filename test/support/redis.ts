import { env } from 'node:process';
import { describe, test } from '@jest/globals';
import { redisBinary, redisUrl } from './redis-server.js';

/** Whether tests can have some Redis: `REDIS_URL`, or a `redis-server` on the PATH. */
function redisAvailable(): boolean {
  return redisUrl() !== null || redisBinary() !== null;
}

/** Describes a suite that needs some Redis: without any it is skipped aloud, and fails where `CI` is set. */
export function describeWithRedis(title: string, suite: () => void): void {
  describeWhen(redisAvailable(), title, suite);
}

/** The same for a suite that stops and kills its Redis, which `REDIS_URL` does not allow. */
export function describeWithRedisServer(title: string, suite: () => void): void {
  describeWhen(redisBinary() !== null, title, suite);
}

function describeWhen(available: boolean, title: string, suite: () => void): void {
  if (available) {
    describe(title, suite);
    return;
  }
  const reason = `${title}: no Redis. Install redis-server, or set REDIS_URL where that is enough.`;
  if (env['CI']) {
    test(title, () => {
      throw new Error(reason);
    });
    return;
  }
  process.stderr.write(`skipped: ${reason}\n`);
  describe.skip(title, suite);
}
