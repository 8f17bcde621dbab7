/** Markup wherever it stands: emphasis, code, spoilers, links, mentions, timestamps, emoji, quotes. */
const INLINE = /[\\*_~`|<>[\]]/g;
/** Markup at the start of a line: headings, lists, and the small print `-#`. */
const LINE_START = /^(\s*)([#\-+])/gm;
const NUMBERED = /^(\s*\d+)([.)])/gm;
const AUTOLINK = /:(?=\/\/)/g;
/** An invitation or a gift is one without its scheme too. */
const INVITE = /(discord(?:app)?\.(?:gg|gift|com|new))\//gi;
/** Names of emoji: clients of people turn them into pictures, and may come to do so for ours. */
const EMOJI = /:(?=[\w+-]*[a-z][\w+-]*:)/gi;
/** Invisible; stands after `@` so that no client reads a name there. Pings are off in any case (`allowed_mentions`). */
const ZERO_WIDTH_SPACE = '\u200b';

/** Plain text as Discord's Markdown that shows exactly that text: no markup, no link, no mention. */
export function escapeMarkdown(text: string): string {
  return text
    .replace(INLINE, '\\$&')
    .replace(LINE_START, '$1\\$2')
    .replace(NUMBERED, '$1\\$2')
    .replace(AUTOLINK, '\\:')
    .replace(INVITE, '$1\\/')
    .replace(EMOJI, '\\:')
    .replace(/@/g, `@${ZERO_WIDTH_SPACE}`);
}

/** Text as code, in which Markdown knows no escapes: the fence is one no run of backticks inside can close. */
export function codeSpan(text: string): string {
  const inside = text.replace(/\s+/g, ' ').trim().replace(/`/g, 'ˋ').replace(/@/g, `@${ZERO_WIDTH_SPACE}`);
  return inside === '' ? '' : `\`${inside}\``;
}

/** An address from `webAddress` as it may stand behind a label, where parentheses would end it early. */
export function maskedAddress(address: string): string {
  return address.replace(/\(/g, '%28').replace(/\)/g, '%29');
}

/** An address that shows itself, without a preview. */
export function shownLink(address: string): string {
  return `<${address}>`;
}
