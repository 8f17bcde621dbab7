import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import Parser from 'rss-parser';
import { bundledFeeds } from '../../../src/demo/demo.js';
import { readRecordings, type Recording } from '../../../src/demo/recordings.js';

const recordings = await readRecordings(bundledFeeds(), null);

function recordingOf(feed: string): Recording {
  const found = recordings.find((one) => one.feed === feed);
  if (!found) throw new Error(`no ${feed}`);
  return found;
}

async function textOf(feed: string, index: number): Promise<string> {
  const file = recordingOf(feed).snapshots[index]?.file ?? '';
  const bytes = await readFile(file);
  return new TextDecoder(feed === 'default-route' ? 'windows-1251' : 'utf-8').decode(bytes);
}

async function itemsOf(feed: string, index: number): Promise<{ title: string; link: string; guid: string }[]> {
  const { items } = await new Parser<object, { id?: string }>().parseString(await textOf(feed, index));
  return items.map(({ title = '', link = '', guid, id }) => ({ title, link, guid: guid ?? id ?? '' }));
}

/** Entries in each document; null for one that is not well-formed. */
async function entryCounts(feed: string): Promise<(number | null)[]> {
  const counts: (number | null)[] = [];
  for (const [index] of recordingOf(feed).snapshots.entries()) {
    counts.push(
      await itemsOf(feed, index).then(
        (items) => items.length,
        () => null,
      ),
    );
  }
  return counts;
}

describe('the bundled feeds are what their README says', () => {
  test.each([
    ['default-route', [3, 4, 10, 10]],
    ['loopback-letters', [4, 5, 6, 7, 8, 8]],
    ['packet-almanac', [3, 4, 5, 6, 6, null, 6, 6]],
    ['planet-peering', [2, 3, 5, 6, 7]],
    ['quiet-cable', [3, 3, 3]],
    ['rack-and-row', [3, 4, 5, null, 6, 6, 6]],
  ])('%s', async (feed, counts) => {
    expect(await entryCounts(feed)).toEqual(counts);
  });

  test('there are 42 posts, 17 of them backlog', async () => {
    const titles = async (only: (index: number) => boolean): Promise<Set<string>> => {
      const found = new Set<string>();
      for (const { feed, snapshots } of recordings) {
        for (const [index] of snapshots.entries()) {
          const items = only(index) ? await itemsOf(feed, index).catch(() => []) : [];
          for (const { title } of items) found.add(title.replace('Loopback Letters: ', ''));
        }
      }
      return found;
    };
    expect((await titles(() => true)).size).toBe(42);
    expect((await titles((index) => index === 0)).size).toBe(17);
  });

  test('every address is under .example, but for the names of XML vocabularies', async () => {
    const hosts = new Set<string>();
    for (const { snapshots } of recordings) {
      for (const { file } of snapshots) {
        const text = (await readFile(file)).toString('latin1').replace(/xmlns(:\w+)?="[^"]*"/g, '');
        for (const [, host = ''] of text.matchAll(/https?:\/\/([^/"<\s]+)/g)) hosts.add(host);
      }
    }
    expect([...hosts].filter((host) => !host.endsWith('.example'))).toEqual([]);
    expect(hosts.size).toBe(6);
  });

  test('default-route is windows-1251 and not UTF-8', async () => {
    for (const { file } of recordingOf('default-route').snapshots) {
      const bytes = await readFile(file);
      expect(() => new TextDecoder('utf-8', { fatal: true }).decode(bytes)).toThrow();
      expect(bytes.toString('latin1')).toContain('encoding="windows-1251"');
    }
    expect((await itemsOf('default-route', 1))[0]?.title).toBe('Сессия BGP застряла в Active: что проверить');
  });

  test('loopback-letters changes every guid and every link scheme when it is rebuilt', async () => {
    const before = await itemsOf('loopback-letters', 1);
    const after = await itemsOf('loopback-letters', 2);
    const guids = new Set(before.map(({ guid }) => guid));
    expect(after.filter(({ guid }) => guids.has(guid))).toEqual([]);
    expect(after.slice(1).map(({ title }) => title)).toEqual(before.map(({ title }) => title));
    expect(after.slice(1).map(({ link }) => link)).toEqual(before.map(({ link }) => link.replace('http:', 'https:')));
  });

  test('planet-peering has five posts of others, one of them before its own feed', async () => {
    const copies = (await itemsOf('planet-peering', 4)).filter(({ link }) => link.includes('utm_source'));
    const backlogCopy = (await itemsOf('planet-peering', 0)).filter(({ link }) => link.includes('utm_source'));
    expect(copies).toHaveLength(4);
    expect(backlogCopy).toHaveLength(1);
    const at = (feed: string, index: number): number => recordingOf(feed).snapshots[index]?.at.getTime() ?? 0;
    expect((await itemsOf('planet-peering', 3))[0]?.title).toBe((await itemsOf('packet-almanac', 4))[0]?.title);
    expect(at('planet-peering', 3)).toBeLessThan(at('packet-almanac', 4));
  });

  test('texts are doubled, cut short and signed as real ones are', async () => {
    expect(await textOf('packet-almanac', 2)).toContain('<title>@everyone who runs');
    expect(await textOf('packet-almanac', 2)).toContain('Continue reading');
    expect(await textOf('packet-almanac', 2)).toContain('appeared first on');
    const sets = await textOf('rack-and-row', 2);
    expect(sets.split('One rule with a set is one lookup')).toHaveLength(3);
    expect(await textOf('rack-and-row', 1)).toContain('&lt;h1&gt;XDP: dropping packets');
  });

  test.each([
    ['packet-almanac', 4, 6],
    ['quiet-cable', 0, 1],
  ])('%s %i and %i are the same bytes', async (feed, one, other) => {
    expect(await textOf(feed, one)).toBe(await textOf(feed, other));
  });

  test('documents are named in order and by time', () => {
    for (const { snapshots } of recordings) {
      for (const [index, { file, at }] of snapshots.entries()) {
        const unixSeconds = String(at.getTime() / 1000);
        expect(basename(file)).toBe(`${String(index).padStart(4, '0')}-${unixSeconds}.xml`);
      }
    }
  });
});
