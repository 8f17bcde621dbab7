import { describe, expect, test } from '@jest/globals';
import { commandText, parseCommandText } from '../../../src/chat/parse-command.js';
import { createOnCommand } from '../../../src/commands/run-command.js';
import { linesOf, openBench, SPECS, textOf } from '../../support/command-bench.js';
import { createMemoryFeeds, createMemorySubscriptions } from '../../support/memory-stores.js';

describe('the catalogue', () => {
  test("fits Discord's limits", () => {
    const named = SPECS.flatMap((spec) => [spec, ...spec.options]);
    expect(named.filter(({ name }) => !/^[a-z-]{1,32}$/.test(name))).toEqual([]);
    expect(named.filter(({ summary }) => summary.length === 0 || summary.length > 100)).toEqual([]);
    expect(SPECS.filter(({ options }) => options.length > 25)).toEqual([]);
    expect(SPECS.length).toBeLessThanOrEqual(25);
    expect(JSON.stringify(SPECS).length).toBeLessThan(8_000);
  });

  test('names each command, and each option of a command, once', () => {
    const lists = [SPECS, ...SPECS.map(({ options }) => options)].map((each) => each.map(({ name }) => name));
    expect(lists.filter((names) => new Set(names).size !== names.length)).toEqual([]);
  });

  test('has at most one option a command that takes the rest of the line', () => {
    const takers = SPECS.map(({ options }) => options.filter(({ kind }) => kind === 'words').length);
    expect(takers.filter((count) => count > 1)).toEqual([]);
  });

  test('gives examples that are calls, and that are written as they would be written out', () => {
    for (const spec of SPECS) {
      const parsed = parseCommandText(spec.example, SPECS);
      expect(parsed).toMatchObject({ kind: 'call', name: spec.name });
      expect(parsed.kind === 'call' && commandText(spec, parsed.options)).toBe(spec.example);
    }
  });
});

describe('help', () => {
  test('lists every command with its example', async () => {
    const lines = linesOf(await openBench().give('help'));
    expect(lines).toEqual(
      expect.arrayContaining(SPECS.flatMap(({ summary, example }) => [summary, `/tidings ${example}`])),
    );
  });

  test('fits a phone', async () => {
    expect(textOf(await openBench().give('')).length).toBeLessThan(900);
  });
});

describe('whatever is wrong', () => {
  test('what the caller got wrong is told to them alone', async () => {
    const reply = await openBench().give('search bgp or ospf');
    expect(reply.visibleTo).toBe('caller');
    expect(textOf(reply)).toContain('does not work yet');
  });

  test('a command that only a platform still remembers is answered', async () => {
    const { give, channel, caller } = openBench();
    expect(textOf(await give('frobnicate'))).toContain('help');
    const onCommand = createOnCommand({
      channels: { hoursOf: () => Promise.resolve({ timeZone: null, quiet: null }) },
      deliveries: { held: () => Promise.resolve([]) },
      feeds: createMemoryFeeds({ feeds: [], posts: [], subscriptions: [] }),
      subscriptions: createMemorySubscriptions({ feeds: [], posts: [], subscriptions: [] }),
      posts: {
        search: () => Promise.reject(new Error('the database is down')),
        like: () => Promise.reject(new Error('the database is down')),
      },
      refusals: { tryAgain: () => Promise.resolve() },
      samples: { recent: () => Promise.reject(new Error('the database is down')) },
      whyOf: { why: () => Promise.reject(new Error('the database is down')) },
      topics: [],
      clock: () => new Date(0),
    });
    const call = { options: { words: 'bgp' }, channel, caller };
    expect(textOf(await onCommand({ ...call, name: 'frobnicate' }))).toContain('/tidings help');
    await expect(onCommand({ ...call, name: 'search' })).rejects.toThrow('the database is down');
  });
});
