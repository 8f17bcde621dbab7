import { foldedText } from '../entry-keys.js';
import { repeatsTitle } from './opening-lines.js';

const MIN_REPEATED_LENGTH = 40;
/** Enough of a passage to tell it from others before all of it is compared. */
const KEY_LENGTH = 30;
const MAX_TEASER_LENGTH = 3_000;
const ECHO_LENGTH = 60;
const MIN_TITLE_WORDS = 3;

/** Each longer passage once, the title not again; a teaser that the text then begins with is left out too. */
export function withoutRepeats(paragraphs: readonly string[], title: string): readonly string[] {
  const seen = new Map<string, Set<string>>();
  const [first = '', ...rest] = paragraphs.filter((paragraph) => !isTitleAgain(paragraph, title));
  const own = [withoutEcho(first, title), ...rest];
  return withoutTeaser(own).filter((paragraph) => {
    if (paragraph.length < MIN_REPEATED_LENGTH || /^\s/.test(paragraph)) return true;
    const key = paragraph.slice(0, KEY_LENGTH).toLowerCase();
    const alike = seen.get(key);
    if (!alike) {
      // Folded only when another one begins like it.
      seen.set(key, new Set([paragraph]));
      return true;
    }
    return !saidBefore(paragraph, alike);
  });
}

/** Adds the passage if not. What was added unfolded is folded in passing. */
function saidBefore(paragraph: string, alike: Set<string>): boolean {
  const folded = foldedText(paragraph);
  if (folded.length < MIN_REPEATED_LENGTH) return false;
  if (alike.size === 1) for (const other of [...alike]) alike.add(foldedText(other));
  if (alike.has(folded)) return true;
  alike.add(folded);
  return false;
}

function isTitleAgain(paragraph: string, title: string): boolean {
  return (
    paragraph.length <= title.length + 20 &&
    paragraph.length * 3 >= title.length &&
    repeatsTitle(paragraph, title) &&
    (foldedText(title).split(' ').length >= MIN_TITLE_WORDS || /[\p{Script=Han}\p{Script=Thai}]{6}/u.test(title))
  );
}

/** An excerpt that ends with "…" or was cut anywhere, in one paragraph, with the text in full behind it. */
function withoutTeaser(paragraphs: readonly string[]): readonly string[] {
  const [first = '', ...rest] = paragraphs;
  if (rest.length === 0 || first.length < MIN_REPEATED_LENGTH || first.length > MAX_TEASER_LENGTH) return paragraphs;
  if (!beginsAlike(first, rest)) return paragraphs;
  const teaser = foldedText(first);
  if (teaser.length < MIN_REPEATED_LENGTH) return paragraphs;
  const behind = foldedText(
    rest
      .slice(0, 40)
      .join(' ')
      .slice(0, first.length * 2 + 500),
  );
  const begins =
    behind.startsWith(teaser) || (/[…\]]$|\.{3}$/u.test(first) && behind.startsWith(withoutLastWord(teaser)));
  return begins ? rest : paragraphs;
}

/** Cheaper than folding all of both. */
function beginsAlike(first: string, rest: readonly string[]): boolean {
  const start = foldedText(first.slice(0, KEY_LENGTH)).slice(0, KEY_LENGTH / 2);
  return foldedText(
    rest
      .slice(0, 3)
      .join(' ')
      .slice(0, 2 * KEY_LENGTH),
  ).startsWith(start);
}

/** The word in which a teaser was cut. */
function withoutLastWord(folded: string): string {
  return folded.slice(0, Math.max(folded.lastIndexOf(' '), MIN_REPEATED_LENGTH));
}

/** A text that was put on one line, and then once more behind itself, with or without its title between. */
function withoutEcho(paragraph: string, title: string): string {
  const start = paragraph.slice(0, ECHO_LENGTH);
  const again = paragraph.length < 2 * ECHO_LENGTH ? -1 : paragraph.indexOf(start, ECHO_LENGTH);
  if (again === -1) return paragraph;
  const second = paragraph.slice(again);
  const first = withoutEnding(paragraph.slice(0, again).trimEnd(), title);
  if (first.startsWith(withoutEnding(second, title))) return first;
  return second.startsWith(withoutEnding(first, '')) ? second : paragraph;
}

function withoutEnding(text: string, title: string): string {
  const untitled = title !== '' && text.endsWith(title) ? text.slice(0, -title.length).trimEnd() : text;
  return untitled.replace(/\s?[[(]?(?:\u2026|\.{3})[\])]?$/u, '');
}
