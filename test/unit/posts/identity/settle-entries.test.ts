import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { keyedEntry } from '../../../../src/posts/entry-keys.js';
import { settleEntries } from '../../../../src/posts/identity/settle-entries.js';
import type { KnownEntry } from '../../../../src/posts/identity/known-entry.js';
import type { Entry } from '../../../../src/posts/post.js';
import { entry } from '../../../support/entries.js';

/** What is stored once a document with these entries has been seen. */
function known(...entries: readonly Entry[]): KnownEntry<Entry>[] {
  return settleEntries(entries.map(keyedEntry), [], 0).flatMap((one) => {
    if (one.kind !== 'new') return [];
    const all = [one.keys, ...one.copies].flatMap((keys) => Object.values(keys) as (Buffer | null)[]);
    const keys = new Set(all.flatMap((key) => (key ? [key.toString('hex')] : [])));
    return [{ ...one.entry, ref: one.entry, keys, shown: false }];
  });
}

const verdicts = (document: readonly Entry[], stored: readonly KnownEntry<Entry>[]) =>
  settleEntries(document.map(keyedEntry), stored, 0).map(({ kind }) => kind);
const at = (iso: string) => ({ publishedAt: new Date(iso) });

/** Few values for many entries, so that they collide in every way. */
const anyEntry = fc
  .record({
    guid: fc.option(fc.constantFrom('a', 'b', 'c', 'd')),
    link: fc.option(
      fc.constantFrom('https://x.example/1', 'https://x.example/2', 'https://x.example/', 'http://x.example/1/'),
    ),
    title: fc.constantFrom(
      '',
      'Release 1.2 of routerd',
      'Release 1.3 of routerd',
      'Governance update',
      'A day in the life',
    ),
    publishedAt: fc.option(fc.constantFrom(new Date(0), new Date(86_400_000), new Date(99 * 86_400_000))),
    text: fc.constantFrom('', 'Short.', 'Another text.'),
  })
  .map(({ link, ...rest }) => entry(rest.title, { ...rest, link: link === null ? null : new URL(link) }));

describe('what a feed has shown before', () => {
  test('a document shown again holds nothing new', () => {
    fc.assert(
      fc.property(fc.uniqueArray(anyEntry, { selector: (one) => JSON.stringify(one) }), (document) => {
        expect(verdicts(document, known(...document))).not.toContain('new');
      }),
      { numRuns: 2_000 },
    );
  });

  test('which entries are new does not depend on their order', () => {
    const newOnes = (document: readonly Entry[], stored: readonly Entry[]) =>
      settleEntries(document.map(keyedEntry), known(...stored), 0)
        .filter(({ kind }) => kind === 'new')
        .map((one) => JSON.stringify(one.entry))
        .sort();
    const documents = fc.uniqueArray(anyEntry, {
      maxLength: 6,
      selector: (one) => keyedEntry(one).keys.content.toString('hex'),
    });
    fc.assert(
      fc.property(documents, fc.array(anyEntry, { maxLength: 4 }), (document, stored) => {
        expect(newOnes([...document].reverse(), stored)).toHaveLength(newOnes(document, stored).length);
      }),
      { numRuns: 2_000 },
    );
  });

  test('an entry keeps its identity through another spelling of its link, a new guid, or a corrected title', () => {
    const old = entry('How we lost a route reflector');
    const stored = known(old);
    expect(verdicts([{ ...old, guid: 'another' }], stored)).toEqual(['known']);
    expect(
      verdicts(
        [{ ...old, link: new URL('http://blog.example/posts/how-we-lost-a-route-reflector/?utm_source=x') }],
        stored,
      ),
    ).toEqual(['known']);
    expect(verdicts([{ ...old, title: 'How we lost two route reflectors' }], stored)).toEqual(['known']);
    expect(verdicts([{ ...old, guid: 'new', link: new URL('https://elsewhere.example/1') }], stored)).toEqual([
      'known',
    ]);
  });

  test('a reused guid with another link, title and date is a new article', () => {
    const old = entry('Monday notes on peering', { guid: 'latest' });
    const next = entry('Optics for the impatient', { guid: 'latest', ...at('2026-04-01T00:00:00Z') });
    expect(verdicts([next], known(old))).toEqual(['new']);
  });

  test('untitled notes that all link to one page are told apart by their guids, or by their words', () => {
    const page = { link: new URL('https://blog.example/notes'), publishedAt: null };
    const note = (text: string, guid: string | null) => entry('', { ...page, text, guid });
    expect(verdicts([note('Two.', '2'), note('One.', '1')], known(note('One.', '1')))).toEqual(['new', 'known']);
    const nowhere = { link: null, publishedAt: null, guid: null };
    const bare = (text: string) => entry('', { ...nowhere, text });
    expect(verdicts([bare('Two.'), bare('One.'), bare('One.')], known(bare('One.')))).toEqual([
      'new',
      'known',
      'known',
    ]);
  });

  test('one stored entry is one entry of the document: what resembles it less is new', () => {
    const old = entry('Governance update', { guid: 'g1', link: new URL('https://blog.example/g1') });
    const next = entry('Governance update', { guid: 'g2', link: new URL('https://blog.example/g2') });
    expect(verdicts([next, old], known(old))).toEqual(['new', 'known']);
    expect(verdicts([old, next], known(old))).toEqual(['known', 'new']);
  });

  test('a stored entry that the document still shows as it was is not given to a new one that resembles it', () => {
    const old = entry('Governance update', { guid: 'g1', link: new URL('https://blog.example/g1') });
    const next = entry('Governance update', { guid: 'g2', link: new URL('https://blog.example/g2') });
    const shown = known(old).map((one) => ({ ...one, shown: true }));
    expect(verdicts([next], known(old))).toEqual(['known']);
    expect(verdicts([next], shown)).toEqual(['new']);
  });

  test('a title that comes back is a series, a title that moved a little is a corrected date', () => {
    const old = entry('Network continuous integration', at('2026-03-01T08:00:00Z'));
    const moved = { ...old, guid: 'x', link: new URL('https://blog.example/2'), ...at('2026-03-03T08:00:00Z') };
    expect(verdicts([moved], known(old))).toEqual(['known']);
    expect(verdicts([{ ...moved, ...at('2026-04-03T08:00:00Z') }], known(old))).toEqual(['new']);
    const twice = { ...old, guid: 'y', link: new URL('https://blog.example/3'), ...at('2026-02-22T08:00:00Z') };
    expect(verdicts([moved], known(old, twice))).toEqual(['new']);
  });

  test('a feed whose thousand entries share one guid and one link is settled in time', () => {
    const crowd = Array.from({ length: 1_000 }, (_, index) =>
      entry(`Entry ${String(index)} ${'of many words '.repeat(30)}`, {
        guid: 'same',
        link: new URL('https://x.example/p'),
        ...at(new Date(index * 1e9).toISOString()),
      }),
    );
    const start = performance.now();
    expect(new Set(verdicts(crowd, known(...crowd)))).toEqual(new Set(['known']));
    expect(performance.now() - start).toBeLessThan(5_000);
  });
});
