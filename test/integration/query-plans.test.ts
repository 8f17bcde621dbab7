import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createStores, type Stores } from '../../src/store/stores.js';
import { afterAttempt } from '../../src/deliveries/delivery.js';
import { openTestDatabase, type TestDatabase } from '../support/database.js';
import { claimAll } from '../support/deliveries.js';
import { promisePosts } from '../support/deliveries/promise-posts.js';
import { document, entry, goodPoll, primedFeed } from '../support/entries.js';

const CHANNEL = { platform: 'console', workspaceId: 'local', channelId: 'plans' } as const;
const NOW = new Date('2026-03-02T00:00:00Z');
const LARGE = ['posts', 'sightings', 'entry_keys', 'article_keys', 'entry_events', 'deliveries', 'amendments'];
const SCAN = new RegExp(`Seq Scan on (?:${LARGE.join('|')})\\b`, 'g');

let database: TestDatabase;
let stores: Stores;

beforeAll(async () => {
  database = await openTestDatabase();
  stores = createStores(database.pool);
});
afterAll(() => database.drop());

interface Prepared {
  readonly name: string;
  readonly statement: string;
  readonly parameters: number;
}

/** A plan is kept until a table is analysed: one made on the first day is still there when the tables are large. */
test('no statement from poll to delivery is planned to read a growing table from end to end, while it is empty either', async () => {
  const feed = await primedFeed(stores.feeds, 'https://small.example/rss', [entry('Before')], NOW);
  const shown = document([entry('After'), entry('Before')]);
  expect(await stores.feeds.saveDocument(feed, shown, () => goodPoll(NOW), NOW)).toMatchObject({ newPosts: 1 });
  const correct = await promisePosts(stores, NOW, { posts: 2, to: [CHANNEL] });
  await correct(NOW);
  for (const { delivery, ...rest } of (await claimAll(stores.deliveries, NOW)).claimed) {
    const verdict = afterAttempt(delivery, { kind: 'posted', messageId: 'm' }, NOW);
    await stores.deliveries.record({ delivery, ...rest }, verdict, NOW);
  }

  const { rows: prepared } = await database.pool.query<Prepared>(
    `select name, statement, cardinality(parameter_types) as parameters from pg_prepared_statements`,
  );
  const about = prepared.filter(({ statement }) => LARGE.some((table) => statement.includes(table)));
  expect(about.length).toBeGreaterThanOrEqual(8);
  expect(await scansOf(about)).toEqual([]);
});

async function scansOf(statements: readonly Prepared[]): Promise<string[]> {
  const scans: string[] = [];
  for (const { name, statement, parameters } of statements) {
    const values = parameters > 0 ? `(${new Array<string>(parameters).fill('null').join(', ')})` : '';
    const { rows } = await database.pool.query<{ 'QUERY PLAN': string }>(`explain execute "${name}"${values}`);
    const plan = rows.map((line) => line['QUERY PLAN']).join('\n');
    scans.push(...(plan.match(SCAN) ?? []).map((scan) => `${scan} of ${statement}`));
  }
  return scans;
}
