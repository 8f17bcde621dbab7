import { webAddress } from '../../src/chat/web-address.js';
import { fit } from '../../src/chat/shown-text.js';

/**
 * Slack reads `&`, `<` and `>` as the start of entities, links and mentions; nothing else in a text object can ping or
 * link, given that we never ask for `link_names` or `parse: full`.
 * @see https://docs.slack.dev/messaging/formatting-message-text
 */
const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

/** Slack has no escape for these. Between two letters (`next_hop`) they do nothing and stay as they are. */
const FORMATTING = new Set(['*', '_', '~']);
/** Code begins and ends wherever two backticks stand, whatever is around them; these look the same. */
const LIKE_A_BACKTICK = 'ˋ';

/** Slack takes it for a space, people do not see it: a formatting character between two of them neither opens nor closes. */
const ZERO_WIDTH_SPACE = '\u200b';

/** `|` parts a link's address from its label and has no escape; this looks the same. */
const LIKE_A_BAR = '│';

const LETTER = /[\p{L}\p{N}]/u;
/**
 * The name of an emoji between colons, as parts of an IPv6 address may be too (`2001:100:a::`). Numbers alone are none,
 * but for two.
 */
const EMOJI = /:(?=(?!\d+:)[\p{Ll}\p{Lo}\p{M}\p{N}_'+-]+:|(?:100|1234):)/gu;

/** Text as mrkdwn that shows exactly this text, in at most `limit` UTF-16 units after escaping. */
export function mrkdwn(text: string, limit: number): string {
  return fit(text, limit, shownAsIs);
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

/** An address as it may stand in `<…|…>`; null if nothing can be linked, or not in so few units. */
export function linkAddress(url: URL | null, limit: number): string | null {
  const address = webAddress(url, limit)?.replaceAll('&', '&amp;') ?? null;
  return address !== null && address.length <= limit ? address : null;
}

/** Text for a code block: copied out of Slack it is what was meant, so nothing invisible goes in. */
export function code(text: string, limit: number): string {
  const fence = '```';
  const escaped = fit(text.replaceAll('`', "'"), limit - 2 * fence.length, (shown) =>
    shown.replace(/[&<>]/g, (character) => ENTITIES[character] ?? character),
  );
  return `${fence}${escaped}${fence}`;
}

/** For `plain_text` objects, which Slack does not read for markup. */
export function plainText(text: string, limit: number): string {
  return fit(text, limit, (shown) => shown);
}

/** Character by character: a grapheme may be a `<` with an accent on it, and hide it from a look-up. */
function shownAsIs(text: string): string {
  const characters = Array.from(text.replaceAll('`', LIKE_A_BACKTICK));
  return characters
    .map((character, index) => {
      const before = characters[index - 1] ?? '\n';
      const after = characters[index + 1] ?? '\n';
      if (FORMATTING.has(character)) return inert(character, LETTER.test(before) && LETTER.test(after));
      // An escaped `>` at the start of a line is a quotation all the same.
      if (character === '>' && before === '\n') return `${ZERO_WIDTH_SPACE}&gt;`;
      return ENTITIES[character] ?? character;
    })
    .join('')
    .replace(EMOJI, `:${ZERO_WIDTH_SPACE}`);
}

function inert(character: string, withinWord: boolean): string {
  return withinWord ? character : `${ZERO_WIDTH_SPACE}${character}${ZERO_WIDTH_SPACE}`;
}
