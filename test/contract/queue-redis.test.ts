import { describeWithRedis } from '../support/redis.js';
import { openTestRedis } from '../support/redis-server.js';
import { queueContract } from './queue.contract.js';

describeWithRedis('Redis', () => {
  queueContract('Redis', async () => {
    const { url, drop } = await openTestRedis();
    return { redisUrl: url, databaseUrl: 'postgres://unused.invalid/', drop };
  });
});
