/** Controls that could reorder or hide text: C0 and C1 but the line break, bidi overrides and isolates, BOM, lone surrogates. */
const CONTROLS = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\p{Cs}]/gu;
/** Markup wherever it stands: emphasis, code, spoilers, links, mentions, timestamps, emoji, quotes. */
const INLINE = /[\\*_~`|<>[\]]/g;
/** Markup at the start of a line: headings, lists, and the small print `-#`. */
const LINE_START = /^(\s*)([#\-+])/gm;
const NUMBERED = /^(\s*\d+)([.)])/gm;
const AUTOLINK = /:(?=\/\/)/g;
/** Invisible; stands after `@` so that no client reads a name there. Pings are off in any case (`allowed_mentions`). */
const ZERO_WIDTH_SPACE = '\u200b';

/** Text without controls, on one line or many, as plain fields (author, footer, labels) show it. */
export function cleanText(text: string): string {
  return text.replace(CONTROLS, '');
}

/** Plain text as Discord's Markdown that shows exactly that text: no markup, no link, no mention. */
export function escapeMarkdown(text: string): string {
  return cleanText(text)
    .replace(INLINE, '\\$&')
    .replace(LINE_START, '$1\\$2')
    .replace(NUMBERED, '$1\\$2')
    .replace(AUTOLINK, '\\:')
    .replace(/@/g, `@${ZERO_WIDTH_SPACE}`);
}

/** Text as code, in which Markdown knows no escapes: the fence is one no run of backticks inside can close. */
export function codeSpan(text: string): string {
  const inside = cleanText(text).replace(/\s+/g, ' ').trim().replace(/`/g, 'ˋ').replace(/@/g, `@${ZERO_WIDTH_SPACE}`);
  return inside === '' ? '' : `\`${inside}\``;
}

/** A link behind escaped text; parentheses in the address would end it early. */
export function maskedLink(label: string, url: URL): string {
  return `[${escapeMarkdown(label)}](${maskedUrl(url)})`;
}

/** An address as it may stand behind a label. */
export function maskedUrl(url: URL): string {
  return url.href.replace(/\(/g, '%28').replace(/\)/g, '%29');
}

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** The longest beginning of `text` whose `shown` form has at most `max` UTF-16 units; "…" marks a cut. */
export function fit(text: string, max: number, shown: (text: string) => string): string {
  if (text.length <= max && shown(text).length <= max) return shown(text);
  // No form is shorter than its text, so nothing past `max` units can ever fit.
  const ends = [...graphemes.segment(text.slice(0, max + 1))].map(({ index }) => index);
  let low = 0;
  let high = ends.length - 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (shown(`${text.slice(0, ends[middle])}…`).length <= max) low = middle;
    else high = middle - 1;
  }
  const kept = text.slice(0, ends[low]).trimEnd();
  return max < 1 ? '' : shown(`${kept}…`);
}
