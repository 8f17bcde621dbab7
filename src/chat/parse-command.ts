import type { CommandOption, CommandSpec, Reply } from './command.js';
import { closestWord, editDistance } from './closest-word.js';
import { privateReply, text, typed } from './reply.js';

export type ParsedCommand =
  | { readonly kind: 'call'; readonly name: string; readonly options: Readonly<Record<string, string>> }
  /** What was typed is no call; `reply` says what to type instead. */
  | { readonly kind: 'reply'; readonly reply: Reply };

/** Phones and word processors write quotes in many ways; all mean the same here. */
const QUOTES = /[“”„‟«»＂]/g;
/** One word, or a quoted run with what introduces it: `leak`, `"route leak"`, `-"route leak"`, `when:"daily 08:30"`. */
const TOKEN = /(?:[-–−]|\p{L}+:)?"[^"]*(?:"|$)|\S+/gu;
const NAMED = /^(\p{L}+):(.*)$/su;

/**
 * Reads what a person typed after `/tidings`: a command, then words and `name:value`. The `words` option takes what is
 * left, quotes kept, because they mean something in a query; so does `word:word` that names no option, such as a link.
 */
export function parseCommandText(line: string, specs: readonly CommandSpec[]): ParsedCommand {
  const tokens = line.replace(QUOTES, '"').match(TOKEN) ?? [];
  const [name = 'help', ...rest] = tokens;
  const spec = specs.find((candidate) => candidate.name === name.toLowerCase());
  return spec ? parseOptions(spec, rest) : unknownCommand(name, rest, specs);
}

/** The text that `parseCommandText` reads as this call. Words hold no `name:value` of the command's own options. */
export function commandText(spec: CommandSpec, options: Readonly<Record<string, string | number>>): string {
  const parts = spec.options.flatMap(({ name, kind }) => {
    const value = options[name];
    if (value === undefined) return [];
    return [kind === 'words' ? String(value) : `${name}:${quoted(String(value))}`];
  });
  return [spec.name, ...parts].join(' ');
}

function quoted(value: string): string {
  return /^[^\s"]+$/.test(value) ? value : `"${value}"`;
}

function parseOptions(spec: CommandSpec, tokens: readonly string[]): ParsedCommand {
  const values = new Map<string, string>();
  const words: string[] = [];
  for (const token of withValues(spec, tokens)) {
    const read = readToken(token, spec);
    switch (read.kind) {
      case 'word':
        if (read.word !== '') words.push(read.word);
        break;
      case 'option':
        if (read.value === '') return noValue(spec, read.name);
        values.set(read.name, read.value);
        break;
      case 'unknown':
        return unknownOption(spec, read);
    }
  }
  return finished(spec, values, words);
}

/** "when: now", as people write it, becomes "when:now". */
function withValues(spec: CommandSpec, tokens: readonly string[]): string[] {
  const bare = (token: string | undefined): boolean =>
    spec.options.some(({ name, kind }) => kind !== 'words' && token?.toLowerCase() === `${name}:`);
  return tokens.flatMap((token, index) => {
    if (bare(token)) return [`${token}${tokens[index + 1] ?? ''}`];
    return bare(tokens[index - 1]) ? [] : [token];
  });
}

type Token =
  | { readonly kind: 'word'; readonly word: string }
  | { readonly kind: 'option'; readonly name: string; readonly value: string }
  | { readonly kind: 'unknown'; readonly name: string; readonly value: string; readonly meant: string | null };

function readToken(token: string, spec: CommandSpec): Token {
  const [, name, value = ''] = NAMED.exec(token) ?? [];
  if (name === undefined || value.startsWith('//')) return { kind: 'word', word: token };
  const key = name.toLowerCase();
  const option = spec.options.find((candidate) => candidate.name === key);
  if (!option) return otherName(spec, token, { name, value });
  return option.kind === 'words'
    ? { kind: 'word', word: value }
    : { kind: 'option', name: key, value: unquoted(value) };
}

function otherName(spec: CommandSpec, token: string, named: { name: string; value: string }): Token {
  const meant = spec.options.find((option) => isSlipOf(named.name.toLowerCase(), option))?.name ?? null;
  return meant === null && wordsOption(spec) ? { kind: 'word', word: token } : { kind: 'unknown', ...named, meant };
}

function isSlipOf(key: string, option: CommandOption): boolean {
  return key.length >= 3 && editDistance(key, option.name) === 1;
}

function unquoted(value: string): string {
  return /^"([^"]*)"?$/.exec(value)?.[1] ?? value;
}

function finished(spec: CommandSpec, values: Map<string, string>, words: readonly string[]): ParsedCommand {
  const taker = wordsOption(spec);
  if (words.length > 0) {
    if (!taker) return extraWords(spec, words);
    values.set(taker.name, words.join(' '));
  }
  const missing = spec.options.find(({ name, required }) => required && !values.has(name));
  if (missing) return missingOption(spec, missing);
  return { kind: 'call', name: spec.name, options: Object.fromEntries(values) };
}

function wordsOption(spec: CommandSpec): CommandOption | undefined {
  return spec.options.find(({ kind }) => kind === 'words');
}

function answer(words: string, command: string): ParsedCommand {
  return { kind: 'reply', reply: privateReply([text(words), typed(command)]) };
}

function unknownCommand(name: string, rest: readonly string[], specs: readonly CommandSpec[]): ParsedCommand {
  const meant = closestWord(
    name,
    specs.map((spec) => spec.name),
  );
  if (meant !== null) return answer(`There is no "${name}". Did you mean "${meant}"?`, [meant, ...rest].join(' '));
  return answer(`There is no command "${name}". This lists what there is:`, 'help');
}

function unknownOption(spec: CommandSpec, token: Token & { readonly kind: 'unknown' }): ParsedCommand {
  const { name, value, meant } = token;
  if (meant !== null) return answer(`"${name}:" is no option here. Did you mean "${meant}:${value}"?`, spec.example);
  return answer(`"${spec.name}" has no option "${name}:". ${takes(spec)} For example:`, spec.example);
}

function noValue(spec: CommandSpec, name: string): ParsedCommand {
  return answer(`"${name}:" needs a value. For example:`, spec.example);
}

function missingOption(spec: CommandSpec, { summary }: CommandOption): ParsedCommand {
  return answer(`"${spec.name}" needs more words: ${summary}. For example:`, spec.example);
}

function extraWords(spec: CommandSpec, words: readonly string[]): ParsedCommand {
  return answer(`"${spec.name}" cannot use "${words.join(' ')}". ${takes(spec)} For example:`, spec.example);
}

function takes(spec: CommandSpec): string {
  const names = spec.options.map(({ name }) => `${name}:`);
  return names.length === 0 ? 'It takes nothing more.' : `It takes ${names.join(' ')}.`;
}
