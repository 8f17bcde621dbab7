import { openTestDatabase } from '../support/database.js';
import { queueContract } from './queue.contract.js';

queueContract('PostgreSQL', async () => {
  const { url, drop } = await openTestDatabase();
  return { redisUrl: null, databaseUrl: url, drop };
});
