/**
 * What a terminal, or an eye, may take for more than text: C0 and C1 controls (ESC and so every escape sequence, CR,
 * BEL), bidirectional marks, overrides and isolates, invisible separators, annotation marks and tag characters.
 */
const NOT_TEXT =
  /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|[\u{e0000}-\u{e007f}]/gu;

const LONE_SURROGATE = /\p{Surrogate}/gu;
const LINE_BREAK = /\r\n?|[\n\v\f\u0085\u2028\u2029]/g;

/** One line that does nothing to a terminal but show letters. Dropping ESC leaves the rest of a sequence as harmless text. */
export function terminalLine(text: string): string {
  return terminalLines(text).join(' ').replace(/ +/g, ' ').trim();
}

/** The same for text with line breaks: its lines, without the empty ones at either end. */
export function terminalLines(text: string): string[] {
  const lines = text.replace(LONE_SURROGATE, '\ufffd').replace(LINE_BREAK, '\n').replaceAll('\t', ' ').split('\n');
  const shown = lines.map((line) => line.replace(NOT_TEXT, '').trim());
  const first = shown.findIndex((line) => line !== '');
  const last = shown.findLastIndex((line) => line !== '');
  return first < 0 ? [] : shown.slice(first, last + 1);
}

/** JSON that holds the exact value and is as harmless to print: what is not text is written as `\uXXXX`. */
export function terminalJson(value: unknown): string {
  return JSON.stringify(value).replace(NOT_TEXT, (character) =>
    Array.from({ length: character.length }, (_, index) => escaped(character.charCodeAt(index))).join(''),
  );
}

function escaped(codeUnit: number): string {
  return `\\u${codeUnit.toString(16).padStart(4, '0')}`;
}
