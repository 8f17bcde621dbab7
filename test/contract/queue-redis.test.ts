import { describeWithRedis, openTestRedis } from '../support/redis.js';
import { queueContract } from './queue.contract.js';

describeWithRedis('Redis', () => {
  queueContract('Redis', async () => {
    const { url, drop } = await openTestRedis();
    return { redisUrl: url, databaseUrl: 'postgres://unused.invalid/', drop };
  });
});
