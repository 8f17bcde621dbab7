import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readRecordings, snapshotsIn, steps } from '../../../src/demo/recordings.js';

let dir = '';
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'tidings-recordings-'));
  const documents = ['b/0000-2000.xml', 'b/0001-4000.xml', 'a/0001-3000.xml', 'a/0000-1000.xml', 'a/README.md'];
  for (const folder of ['a', 'b', 'empty']) await mkdir(join(dir, folder));
  for (const document of documents) await writeFile(join(dir, document), '<rss/>');
});
afterAll(() => rm(dir, { recursive: true }));

describe('a folder of recordings', () => {
  test('holds a feed for each folder with documents, and nothing for the others', async () => {
    const recordings = await readRecordings(dir, null);
    expect(recordings.map(({ feed }) => feed)).toEqual(['a', 'b']);
    expect(recordings[0]?.snapshots).toEqual([
      { file: join(dir, 'a', '0000-1000.xml'), at: new Date(1_000_000) },
      { file: join(dir, 'a', '0001-3000.xml'), at: new Date(3_000_000) },
    ]);
  });

  test('is played in the order of time, whichever feed comes next', async () => {
    const walk = steps(await readRecordings(dir, null));
    expect(walk.map(({ feed, index }) => `${feed}${String(index)}`)).toEqual(['a0', 'b0', 'a1', 'b1']);
  });

  test('gives only the feeds that are asked for', async () => {
    expect((await readRecordings(dir, ['b'])).map(({ feed }) => feed)).toEqual(['b']);
  });

  test.each([
    { code: 'no-such-folder', folder: 'nowhere', only: null, says: /nowhere does not exist/ },
    { code: 'no-such-folder', folder: 'a/README.md', only: null, says: /README.md is not a folder/ },
    { code: 'no-recordings', folder: 'empty', only: null, says: /no recordings in .*0000-<unixtime>.xml/ },
    { code: 'no-such-feed', folder: '.', only: ['a', 'c', 'd'], says: /no recording of c, d\. There are: a, b\./ },
    { code: 'no-such-feed', folder: '.', only: [], says: /names no feed\. There are: a, b\./ },
  ])('says $code for $folder and $only', async ({ code, folder, only, says }) => {
    const reading = readRecordings(join(dir, folder), only);
    await expect(reading).rejects.toMatchObject({ name: 'UserError', code });
    await expect(reading).rejects.toThrow(says);
  });
});

describe('document names', () => {
  test('anything that is no recorded document is left alone', () => {
    const names = ['0000-1000.xml', '1-2.xml', '0001-x.xml', '.0001-1.xml', '0002-5.xml.bak', '0003-7.html'];
    expect(snapshotsIn('/f', names).map(({ file }) => file)).toEqual(['/f/0000-1000.xml']);
  });

  test('the number gives the order, in which time never runs back, however the names are listed', () => {
    const documents = fc.uniqueArray(
      fc.record({ order: fc.nat({ max: 20_000 }), unixSeconds: fc.nat({ max: 2_000_000_000 }) }),
      { selector: ({ order }) => order, minLength: 1 },
    );
    fc.assert(
      fc.property(documents, (list) => {
        const names = list.map(
          ({ order, unixSeconds }) => `${String(order).padStart(4, '0')}-${String(unixSeconds)}.xml`,
        );
        const snapshots = snapshotsIn('/f', names);
        const walk = steps([{ feed: 'f', snapshots }]);
        expect(walk.map(({ index }) => index)).toEqual(list.map((_, index) => index));
        const orders = snapshots.map(({ file }) => Number(/\/(\d+)-/.exec(file)?.[1]));
        expect(orders).toEqual(list.map(({ order }) => order).sort((a, b) => a - b));
        const times = snapshots.map(({ at }) => at.getTime());
        expect(times).toEqual([...times].sort((a, b) => a - b));
      }),
    );
  });
});
