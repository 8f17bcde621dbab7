import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { row, rows, transaction } from '../../src/store/rows.js';
import { openTestDatabase, type TestDatabase } from '../support/database.js';

let database: TestDatabase;
beforeAll(async () => {
  database = await openTestDatabase();
  await database.pool.query('create table numbers (n integer primary key)');
});
afterAll(() => database.drop());

const ADD = 'insert into numbers (n) values ($1)';

async function stored(): Promise<number[]> {
  const all = await rows<{ n: number }>(database.pool, 'select n from numbers order by n', []);
  return all.map(({ n }) => n);
}

test('what is left is stored with the rest, in the order in which it was sent', async () => {
  const seen = await transaction(database.pool, async (db, leave) => {
    leave(rows(db, ADD, [1]));
    leave(rows(db, ADD, [2]));
    return row<{ sum: string }>(db, 'select sum(n) from numbers', []);
  });
  expect(seen).toEqual({ sum: '3' });
  expect(await stored()).toEqual([1, 2]);
});

test('where something fails that was left, nothing is stored, and the caller hears of it', async () => {
  const failing = transaction(database.pool, async (db, leave) => {
    await rows(db, ADD, [3]);
    leave(rows(db, ADD, [1]));
    leave(rows(db, ADD, [4]));
    return 'done';
  });
  await expect(failing).rejects.toThrow(/duplicate key/);
  expect(await stored()).toEqual([1, 2]);
});

test('where something fails before its statement is sent, nothing is stored', async () => {
  const unsendable = async (): Promise<void> => {
    await rows(database.pool, ADD, [JSON.parse('{') as number]);
  };
  const failing = transaction(database.pool, async (db, leave) => {
    await rows(db, ADD, [6]);
    leave(unsendable());
    leave(rows(db, ADD, [7]));
    return 'done';
  });
  await expect(failing).rejects.toThrow(SyntaxError);
  expect(await stored()).toEqual([1, 2]);
});

test('where the work fails, what it left is not stored either', async () => {
  const failing = transaction(database.pool, (db, leave) => {
    leave(rows(db, ADD, [5]));
    return Promise.reject(new Error('no more'));
  });
  await expect(failing).rejects.toThrow('no more');
  expect(await stored()).toEqual([1, 2]);
});
