const LINE_BREAK = /\r\n?|[\n\v\f\u0085\u2028\u2029]/g;
const LONE_SURROGATE = /\p{Surrogate}/gu;
/** Blank to the eye, letters or symbols to a program: a title of nothing else would be an empty one. */
const BLANK = /[\t\u115f\u1160\u2800\u3164\uffa0]/g;
/**
 * What hides, reorders or stands for nothing: C0 and C1 controls (ESC, and so every escape sequence, among them), soft
 * hyphen, grapheme joiner, zero-width space, bidirectional marks, overrides and isolates, annotation marks,
 * noncharacters, and tags, but for those that make a flag.
 */
const NOT_TEXT =
  /(\u{1f3f4}[\u{e0030}-\u{e0039}\u{e0061}-\u{e007a}]{1,6}\u{e007f})|[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u00ad\u034f\u061c\u17b4\u17b5\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufdd0-\ufdef\ufeff\ufff9-\ufffb\ufffe\uffff]|[\u{e0000}-\u{e007f}]/gu;
/** Emoji, Arabic and Indian scripts need joiners between their characters; elsewhere one only hides a word from a search. */
const IDLE_JOINER =
  /(?<=^|[\p{ASCII}\p{Script=Latin}])[\u200c\u200d]+|[\u200c\u200d]+(?=$|[\p{ASCII}\p{Script=Latin}])/gu;
/** No script stacks more on one letter; what does paints over the lines around it. */
const STACKED = /(\p{M}{8})\p{M}+/gu;

/** No platform shows as much of one text, in UTF-16 units; cleaning more would be in vain. */
const LONGEST = 20_000;

/** Text as a person is to see it, on one line: nothing in it hides, reorders, rings or paints over other text. */
export function shownLine(text: string): string {
  return shownLines(text).replace(/\s+/gu, ' ').trim();
}

/** The same for text with line breaks: at most one empty line in a row, none at either end. */
export function shownLines(text: string): string {
  return text
    .slice(0, LONGEST)
    .replace(LONE_SURROGATE, '\ufffd')
    .replace(LINE_BREAK, '\n')
    .replace(BLANK, ' ')
    .replace(NOT_TEXT, '$1')
    .replace(IDLE_JOINER, '')
    .replace(STACKED, '$1')
    .replace(/[^\S\n]*\n[^\S\n]*/g, '\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim();
}

const GRAPHEMES = new Intl.Segmenter('en', { granularity: 'grapheme' });

/**
 * The longest beginning of `text` whose `shown` form has at most `limit` UTF-16 units; "…" marks a cut, which falls
 * between what a person takes for characters. `shown` makes nothing shorter.
 */
export function fit(text: string, limit: number, shown: (text: string) => string): string {
  if (text.length <= limit && shown(text).length <= limit) return shown(text);
  if (limit < 1) return '';
  // No form is shorter than its text, so nothing past `limit` units can ever fit.
  const ends = endsWithin(text.slice(0, limit + 1));
  let low = 0;
  let high = ends.length - 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (shown(`${text.slice(0, ends[middle])}…`).length <= limit) low = middle;
    else high = middle - 1;
  }
  return shown(`${text.slice(0, ends[low]).trimEnd()}…`);
}

/** Where it may be cut. What goes on for longer than the limit is no character of any script: it is cut anywhere. */
function endsWithin(text: string): number[] {
  const ends = [...GRAPHEMES.segment(text)].map(({ index }) => index);
  return ends.length > 1 ? ends : [...text.matchAll(/[^]/gu)].map(({ index }) => index);
}
