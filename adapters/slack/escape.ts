/**
 * Slack reads `&`, `<` and `>` as the start of entities, links and mentions; nothing else in a text object can ping or
 * link, given that we never ask for `link_names` or `parse: full`.
 * @see https://docs.slack.dev/messaging/formatting-message-text
 */
const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

/** Slack has no escape for these. Between two letters (`next_hop`) they do nothing and stay as they are. */
const FORMATTING = new Set(['*', '_', '~', '`']);

/** Slack takes it for a space, people do not see it: a formatting character between two of them neither opens nor closes. */
const ZERO_WIDTH_SPACE = '\u200b';

/** `|` parts a link's address from its label and has no escape; this looks the same. */
const LIKE_A_BAR = '│';

/** Controls but line feed; soft hyphen; zero-width space; bidirectional marks, overrides and isolates; tag characters. */
const NOT_TEXT =
  /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|[\u{e0000}-\u{e007f}]/gu;
const LONE_SURROGATE = /\p{Surrogate}/gu;
const LINE_BREAK = /\r\n?|[\n\v\f\u0085\u2028\u2029]/g;
const LETTER = /[\p{L}\p{N}]/u;

/** Text of one line, without what an eye or Slack could take for more than text. */
export function oneLine(text: string): string {
  return manyLines(text).replaceAll('\n', ' ').trim();
}

/** The same for text with line breaks: at most one empty line in a row. */
export function manyLines(text: string): string {
  return text
    .replace(LONE_SURROGATE, '\ufffd')
    .replace(LINE_BREAK, '\n')
    .replaceAll('\t', ' ')
    .replace(NOT_TEXT, '')
    .replace(/ *\n */g, '\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim();
}

/** Text as mrkdwn that shows exactly this text, in at most `limit` UTF-16 units after escaping. */
export function mrkdwn(text: string, limit: number): string {
  return cut(shownAsIs(Array.from(text)), limit);
}

/** Bold, unless it begins or ends with a character made inert, beside which Slack would show the asterisks. */
export function bold(escaped: string): string {
  const bare = escaped.startsWith(ZERO_WIDTH_SPACE) || escaped.endsWith(ZERO_WIDTH_SPACE);
  return bare ? escaped : `*${escaped}*`;
}

/** A link, its label at most `limit` units. The address comes from `linkAddress`. */
export function link(address: string, label: string, limit: number): string {
  return `<${address}|${mrkdwn(label.replaceAll('|', LIKE_A_BAR), limit)}>`;
}

/** An address as it may stand in `<…|…>`; null if it is too long to stand there, for half an address is a wrong one. */
export function linkAddress(url: URL, limit: number): string | null {
  const address = url.href
    .replace(/[|<>]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll('&', '&amp;');
  return address.length <= limit ? address : null;
}

/** Text for a code block: copied out of Slack it is what was meant, so nothing invisible goes in. */
export function code(text: string, limit: number): string {
  const fence = '```';
  const pieces = Array.from(text.replaceAll('`', "'")).map((character) => ENTITIES[character] ?? character);
  return `${fence}${cut(pieces, limit - 2 * fence.length)}${fence}`;
}

/** For `plain_text` objects, which Slack does not read for markup. */
export function plainText(text: string, limit: number): string {
  return cut(Array.from(text), limit);
}

/** Character by character: a grapheme may be a `<` with an accent on it, and hide it from a look-up. */
function shownAsIs(characters: readonly string[]): string[] {
  return characters.map((character, index) => {
    const before = characters[index - 1] ?? '\n';
    const after = characters[index + 1] ?? '\n';
    if (FORMATTING.has(character)) return inert(character, LETTER.test(before) && LETTER.test(after));
    // An escaped `>` at the start of a line is a quotation all the same.
    if (character === '>' && before === '\n') return `${ZERO_WIDTH_SPACE}&gt;`;
    return ENTITIES[character] ?? character;
  });
}

function inert(character: string, withinWord: boolean): string {
  return withinWord && character !== '`' ? character : `${ZERO_WIDTH_SPACE}${character}${ZERO_WIDTH_SPACE}`;
}

/** Cuts between pieces, so that no entity is torn. */
function cut(pieces: readonly string[], limit: number): string {
  const whole = pieces.join('');
  if (whole.length <= limit) return whole;
  let length = 0;
  const end = pieces.findIndex((piece) => (length += piece.length) > limit - 1);
  return `${pieces.slice(0, end).join('').trimEnd()}…`;
}
