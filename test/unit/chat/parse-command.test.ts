import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { CommandSpec } from '../../../src/chat/command.js';
import { commandText, parseCommandText, type ParsedCommand } from '../../../src/chat/parse-command.js';

const page = { name: 'page', summary: 'The page', required: false, kind: 'integer' } as const;
const when = { name: 'when', summary: 'How soon', required: false, kind: 'text' } as const;
const words = { name: 'words', summary: 'What to look for', required: true, kind: 'words' } as const;
const SEARCH: CommandSpec = { name: 'search', summary: 'Find', options: [words, when, page], example: 'search bgp' };
const LIST: CommandSpec = { name: 'subscriptions', summary: 'List', options: [page], example: 'subscriptions page:2' };
const HELP: CommandSpec = { name: 'help', summary: 'Help', options: [], example: 'help' };
const SPECS = [SEARCH, LIST, HELP];

const parse = (line: string) => parseCommandText(line, SPECS);
const call = (name: string, options: Record<string, string> = {}): ParsedCommand => ({ kind: 'call', name, options });
const said = (line: string): string => {
  const parsed = parse(line);
  return parsed.kind === 'call'
    ? `a call of ${parsed.name}`
    : parsed.reply.lines.map((each) => ('text' in each ? each.text : each.title)).join(' | ');
};

describe('a call', () => {
  test('nothing typed asks for help', () => {
    expect(parse('')).toEqual(call('help'));
    expect(parse('  \u00a0')).toEqual(call('help'));
  });

  test.each([
    ['search bgp leak', { words: 'bgp leak' }],
    ['SEARCH  bgp\tleak ', { words: 'bgp leak' }],
    ['search bgp leak page:2', { words: 'bgp leak', page: '2' }],
    ['search page:2 bgp leak', { words: 'bgp leak', page: '2' }],
    ['search bgp Page:2 leak', { words: 'bgp leak', page: '2' }],
    ['search words:bgp leak page:2', { words: 'bgp leak', page: '2' }],
    ['search words: bgp page: 2', { words: 'bgp', page: '2' }],
    ['search "route leak" -cisco', { words: '"route leak" -cisco' }],
    ['search words:"route leak" -"line card"', { words: '"route leak" -"line card"' }],
    ['search “route leak” when:“daily 08:30”', { words: '"route leak"', when: 'daily 08:30' }],
    ['search „route leak“ when: "daily 08:30"', { words: '"route leak"', when: 'daily 08:30' }],
    ['search "page:2"', { words: '"page:2"' }],
    ['search a 12" rack page:2', { words: 'a 12" rack', page: '2' }],
    ['search "unfinished phrase', { words: '"unfinished phrase' }],
    ['search bgp page:2 page:3', { words: 'bgp', page: '3' }],
  ])('%s', (line, options) => {
    expect(parse(line)).toEqual(call('search', options));
  });

  test('a link, a time, an address and a filter of no option stay words', () => {
    const typed = 'https://example.org/feed.xml?a=b:c 12:30 2001:db8::1 feed:apnic';
    expect(parse(`search ${typed}`)).toEqual(call('search', { words: typed }));
  });
});

describe('what is no call is answered with what to type', () => {
  test.each([
    ['serach bgp leak', 'There is no "serach". Did you mean "search"? | /tidings search bgp leak'],
    ['subs', 'There is no "subs". Did you mean "subscriptions"? | /tidings subscriptions'],
    ['bgp', 'There is no command "bgp". This lists what there is: | /tidings help'],
    ['search', '"search" needs more words: What to look for. For example: | /tidings search bgp'],
    ['search page:2', '"search" needs more words: What to look for. For example: | /tidings search bgp'],
    ['search bgp pgae:2', '"pgae:" is no option here. Did you mean "page:2"? | /tidings search bgp'],
    ['search bgp page:', '"page:" needs a value. For example: | /tidings search bgp'],
    [
      'subscriptions colour:red',
      '"subscriptions" has no option "colour:". It takes page:. For example: | /tidings subscriptions page:2',
    ],
    [
      'subscriptions of mine',
      '"subscriptions" cannot use "of mine". It takes page:. For example: | /tidings subscriptions page:2',
    ],
    [
      'subscriptions https://example.org',
      '"subscriptions" cannot use "https://example.org". It takes page:. For example: | /tidings subscriptions page:2',
    ],
    ['help me', '"help" cannot use "me". It takes nothing more. For example: | /tidings help'],
  ])('%s', (line, reply) => {
    expect(said(line)).toBe(reply);
  });

  test('only the caller sees it', () => {
    expect(parse('serach')).toMatchObject({ reply: { visibleTo: 'caller' } });
  });
});

describe('properties', () => {
  const isUsable = (parsed: ParsedCommand): boolean => {
    if (parsed.kind === 'reply') return parsed.reply.lines.length > 0;
    const known = SPECS.find(({ name }) => name === parsed.name)?.options.map(({ name }) => name);
    return known !== undefined && Object.keys(parsed.options).every((name) => known.includes(name));
  };
  const piece = fc.constantFrom('search ', 'subscriptions ', 'page:', 'when:', 'words:', '"', '“', '-', ':', ' ', 'x');
  const line = fc.oneof(
    fc.string({ unit: 'grapheme' }),
    fc.array(fc.oneof(piece, fc.string({ unit: 'binary' }))).map((pieces) => pieces.join('')),
  );

  test('whatever is typed gets a call that the catalogue knows, or a reply with words', () => {
    fc.assert(
      fc.property(line, (typed) => {
        expect(isUsable(parse(typed))).toBe(true);
      }),
    );
  });

  test('a call that was written out reads as the same call', () => {
    const word = fc.stringMatching(/^[a-z0-9é./_-]{1,9}$/);
    const phrase = fc.array(word, { minLength: 1, maxLength: 3 }).map((each) => `"${each.join(' ')}"`);
    const query = fc
      .array(
        fc.oneof(
          word,
          phrase,
          phrase.map((each) => `-${each}`),
        ),
        { minLength: 1 },
      )
      .map((each) => each.join(' '));
    const value = fc.string({ unit: 'grapheme', minLength: 1 }).filter((each) => !/["“”„‟«»＂]/.test(each));
    const options = fc.record(
      { words: query, when: value, page: fc.nat().map(String) },
      { requiredKeys: ['words'], noNullPrototype: true },
    );
    fc.assert(
      fc.property(options, (given) => {
        expect(parse(commandText(SEARCH, given))).toEqual(call('search', given));
      }),
    );
  });
});
