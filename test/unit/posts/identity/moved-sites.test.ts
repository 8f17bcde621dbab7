import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { keyedEntry } from '../../../../src/posts/entry-keys.js';
import type { KnownEntry } from '../../../../src/posts/identity/known-entry.js';
import { settleEntries } from '../../../../src/posts/identity/settle-entries.js';
import type { Entry } from '../../../../src/posts/post.js';
import { entry } from '../../../support/entries.js';

const DAY_MS = 86_400_000;
const BORN = new Date('2026-01-05T10:00:00Z');
const SUBJECTS = ['Anycast', 'Buffers', 'Congestion', 'Dampening', 'Encapsulation', 'Flapping', 'Gateways', 'Hashing'];

/** A text that no other entry shares a sentence with. */
function textAbout(subject: string): string {
  const of = (verb: string) =>
    `Why ${subject} ${verb} when ${subject} meets ${subject.length.toString()} ${verb} peers.`;
  return ['breaks', 'holds', 'scales', 'drifts'].map(of).join(' ');
}

function post(subject: string, change: Partial<Entry> = {}): Entry {
  return entry(`${subject} in practice`, {
    guid: `tag:blog,${subject}`,
    link: new URL(`https://blog.example/posts/${subject.toLowerCase()}`),
    publishedAt: BORN,
    text: textAbout(subject),
    ...change,
  });
}

function stored(entries: readonly Entry[]): KnownEntry<string>[] {
  return entries.map((one) => {
    const keys = Object.values(keyedEntry(one).keys) as (Buffer | null)[];
    return {
      ...one,
      ref: one.title,
      keys: new Set(keys.flatMap((key) => key?.toString('hex') ?? [])),
      shown: false,
    };
  });
}

const settled = (document: readonly Entry[], known: readonly KnownEntry<string>[], unchanged = 0) =>
  settleEntries(document.map(keyedEntry), known, unchanged);
const howKnown = (document: readonly Entry[], known: readonly KnownEntry<string>[]) =>
  settled(document, known).map((one) => (one.kind === 'known' ? one.by : one.kind));
const later = (days: number) => ({ publishedAt: new Date(BORN.getTime() + days * DAY_MS) });
const ELSEWHERE = { guid: 'https://new.example/?p=7', link: new URL('https://new.example/?p=7') };

describe('an entry of which nearly everything changed', () => {
  test('is known by its path and date at another host, whatever its title is now', () => {
    const moved = post('Anycast', {
      title: 'What anycast is for',
      guid: 'http://localhost:4000/posts/anycast',
      link: new URL('http://localhost:4000/posts/anycast'),
    });
    expect(howKnown([moved], stored([post('Anycast')]))).toEqual(['path+date']);
  });

  test('is known by its text and date under a corrected title and a new address', () => {
    const retitled = post('Anycast', { ...ELSEWHERE, title: 'Anycast in theory' });
    expect(howKnown([retitled], stored([post('Anycast')]))).toEqual(['text+date']);
  });

  test('is known by its guid while most of its words stand; a guid that comes back with other words is reused', () => {
    const renamed = { title: 'A second thought', link: new URL('https://blog.example/2nd'), ...later(90) };
    const reworded = `${textAbout('Anycast')} And one sentence more.`;
    expect(howKnown([post('Anycast', { ...renamed, text: reworded })], stored([post('Anycast')]))).toEqual(['guid']);
    expect(howKnown([post('Anycast', { ...renamed, text: textAbout('Hashing') })], stored([post('Anycast')]))).toEqual([
      'new',
    ]);
  });

  test('is known by its title and text when it is dated a year later, since nobody writes a text twice', () => {
    expect(howKnown([post('Anycast', { ...ELSEWHERE, ...later(365) })], stored([post('Anycast')]))).toEqual([
      'title+text',
    ]);
  });

  test('is next year’s edition when title and a few words are all it shares', () => {
    const teaser = { text: 'Read all about it in this issue of ours.' };
    expect(
      howKnown([post('Anycast', { ...ELSEWHERE, ...teaser, ...later(365) })], stored([post('Anycast', teaser)])),
    ).toEqual(['new']);
  });

  test('is another article when only its title comes back a year later', () => {
    const again = post('Anycast', { ...ELSEWHERE, ...later(365), text: textAbout('Hashing') });
    expect(howKnown([again], stored([post('Anycast')]))).toEqual(['new']);
  });
});

describe('a stored entry', () => {
  test('belongs to the entry that resembles it most; another with its guid is an article of its own', () => {
    const shared = { guid: 'tag:None,2026-01-05:/', link: new URL('https://blog.example/') };
    const second = post('Buffers', { ...shared });
    expect(howKnown([second, post('Anycast', shared)], stored([post('Anycast', shared)]))).toEqual(['new', 'guid']);
  });

  test('is shown a second time by the same article at another address', () => {
    const copy = post('Anycast', { guid: 'b', link: new URL('https://www.blog.example/anycast.html') });
    const known = stored([post('Anycast')]).map((one) => ({ ...one, shown: true }));
    expect(howKnown([copy], known)).toEqual(['twin']);
  });

  test('is not shown by another part of a series', () => {
    const part = (n: number) =>
      post('Anycast', { guid: String(n), link: new URL(`https://blog.example/anycast-part-${String(n)}`) });
    const known = stored([part(1)]).map((one) => ({ ...one, shown: true }));
    expect(howKnown([part(2)], known)).toEqual(['new']);
  });
});

describe('a site that is rebuilt', () => {
  const old = SUBJECTS.map((subject) => post(subject));
  const rebuilt = SUBJECTS.map((subject, index) =>
    post(subject, {
      guid: `urn:${String(index)}`,
      link: new URL(`https://new.example/${String(index)}`),
      ...later(400),
      text: `Excerpt ${String(index)}.`,
    }),
  );

  test('tells nothing again, though titles are all that is left', () => {
    expect(new Set(howKnown(rebuilt, stored(old)))).toEqual(new Set(['rebuilt']));
  });

  test('is no rebuilt site when two titles come back, or most of the document is as it was', () => {
    expect(howKnown(rebuilt.slice(0, 2), stored(old))).toEqual(['new', 'new']);
    expect(settled(rebuilt.slice(0, 3), stored(old), 10).map(({ kind }) => kind)).toEqual(['new', 'new', 'new']);
  });

  test('tells an article that was never there before', () => {
    const news = post('Jitter', later(401));
    expect(howKnown([news, ...rebuilt], stored(old)).filter((by) => by === 'new')).toHaveLength(1);
  });
});

test('which entries of a rebuilt site are new does not depend on their order', () => {
  const change = fc.record(
    {
      guid: fc.constantFrom('x', 'y', null),
      link: fc.constantFrom(new URL('https://new.example/posts/anycast'), new URL('https://new.example/x'), null),
      publishedAt: fc.constantFrom(BORN, new Date(BORN.getTime() + 30 * DAY_MS), null),
      text: fc.constantFrom('', textAbout('Anycast'), textAbout('Hashing')),
    },
    { requiredKeys: [] },
  );
  const document = fc.uniqueArray(
    fc.tuple(fc.constantFrom(...SUBJECTS), change).map(([subject, one]) => post(subject, one)),
    {
      selector: (one) => JSON.stringify(one),
      maxLength: 8,
    },
  );
  const known = stored(SUBJECTS.map((subject) => post(subject)));
  const newOnes = (entries: readonly Entry[]) => settled(entries, known).filter(({ kind }) => kind === 'new').length;
  fc.assert(
    fc.property(document, (entries) => {
      expect(newOnes([...entries].reverse())).toBe(newOnes(entries));
    }),
    { numRuns: 500 },
  );
});
