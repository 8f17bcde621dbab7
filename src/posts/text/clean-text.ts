import { isFooterLine, isShareRow, startOfButtons, startOfRelated } from './furniture-lines.js';
import { foldedText } from '../entry-keys.js';
import { cutOffAt, withoutEndLure } from './lures.js';
import { isOpeningLine, withoutInlineTitle, type Known } from './opening-lines.js';
import { withoutRepeats } from './repeats.js';

/** Invisible characters that only ever hide, reorder or break text: direction controls, zero-width spaces, soft hyphens. */
const INVISIBLE =
  /[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|[\u{e0000}-\u{e007f}]/gu;
/** Zero-width joiners belong between letters of some scripts and within emoji, and nowhere else. */
const STRAY_JOINERS = /(?<![\p{L}\p{M}\p{Emoji}\ufe0f])[\u200c\u200d]+|[\u200c\u200d]+(?![\p{L}\p{M}\p{Emoji}])/gu;
/** C1 controls are what windows-1252 punctuation becomes when it is taken for Latin-1; five of its places are empty. */
const WINDOWS_1252 =
  '\u20ac\0\u201a\u0192\u201e\u2026\u2020\u2021\u02c6\u2030\u0160\u2039\u0152\0\u017d\0\0\u2018\u2019\u201c\u201d\u2022\u2013\u2014\u02dc\u2122\u0161\u203a\u0153\0\u017e\u0178';
const CONTROLS = /(?![\t\n])\p{Cc}/gu;

/** Most text holds none of what is replaced below, which one look tells. */
const UNUSUAL =
  /[\x00-\x08\x0b-\x1f\x7f-\xa0\u00ad\u034f\u061c\u115f\u1160\u1680\u17b4\u17b5\u180e\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3000\ufeff\ufff9-\ufffb\udb40]/;

/** Text that shows what it holds: every kind of space is a space, nothing is hidden, at most one empty line on end. */
export function cleanCharacters(text: string): string {
  return (UNUSUAL.test(text) ? usualCharacters(text) : text)
    .replace(/(?<![ \t])[ \t]+\n/g, '\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim();
}

function usualCharacters(text: string): string {
  return text
    .replace(/\r\n?|[\u2028\u2029]/g, '\n')
    .replace(/[\x80-\x9f]/g, (control) => WINDOWS_1252[control.charCodeAt(0) - 0x80] ?? '')
    .replace(INVISIBLE, '')
    .replace(STRAY_JOINERS, '')
    .replace(CONTROLS, '')
    .replace(/\p{Zs}/gu, ' ');
}

/** The same on one line. */
export function cleanLine(text: string): string {
  const clean = cleanCharacters(text);
  return /[^\S ]|  /.test(clean) ? clean.replace(/\s+/g, ' ') : clean;
}

/** What else is known of an entry whose text is cleaned. */
export interface Surroundings {
  readonly author?: string | null;
  /** Lines of the text that hold nothing but links. */
  readonly linkLines?: readonly string[];
}

const MAX_OPENING_LINES = 8;
/** What is left of a paragraph or a sentence that was cut before it had said anything. */
const FRAGMENT = /(?<=\n\n|[.!?\u2026。]["\u201d\u2019)]?\s)\S{1,40}(?:[^\S\n]\S{1,40})?$/u;
/** No text ends with one of these: it was cut off, and nothing says so. */
const UNFINISHED =
  /(?<=\S\s)(?:the|an?|of|on|in|at|by|for|with|to|from|and|or|but|which|that|is|are|was|were|as|than|its|their|our|your|this|these|der|die|das|den|dem|ein|eine|und|oder|von|mit|zu|auf|für|le|les|des|et|ou|à|du|dans|pour|el|los|las|y|en|con|para|gli|di|che|per|os|um|uma|het|een|van|voor|,)$/u;
const MIN_PROSE = 150;
const ENDED = /[\p{P}\u2026]["\u201d\u2019)]?$/u;

/**
 * The text of an entry without what says nothing: the title again, a passage twice, links to the rest of the article,
 * rows of buttons and of other posts.
 */
export function cleanText(text: string, title: string, { author = null, linkLines = [] }: Surroundings = {}): string {
  const known = { title, author };
  const paragraphs = withoutOpening(cleanCharacters(text).split(/\n{2,}/), known);
  const once = withoutOpening(withoutRepeats(paragraphs, title), known);
  const lines = once.join('\n\n').split('\n').filter(mayStay);
  const whole = withoutFooter(lines, new Set(linkLines.map(cleanLine)));
  const ended = withoutCutOff(whole, title);
  const clean = ended === whole ? whole : withoutFooter(ended.split('\n'), new Set());
  return clean.length > MIN_PROSE && UNFINISHED.test(clean.slice(-40)) ? `${clean}\u2026` : clean;
}

function withoutOpening(paragraphs: readonly string[], known: Known): readonly string[] {
  for (let at = 0; at < Math.min(paragraphs.length, MAX_OPENING_LINES); at++) {
    const lines = (paragraphs[at] ?? '').split('\n');
    let start = 0;
    while (start < MAX_OPENING_LINES && start < lines.length && isOpeningLine((lines[start] ?? '').trim(), known))
      start++;
    if (start === lines.length) continue;
    return [withoutInlineTitle(lines.slice(start).join('\n'), known.title), ...paragraphs.slice(at + 1)];
  }
  return paragraphs.slice(MAX_OPENING_LINES);
}

function mayStay(line: string): boolean {
  return line.length < 10 || line.length > 300 || !isShareRow(line);
}

/** From the end upwards, as long as there is something to leave out. */
function withoutFooter(all: readonly string[], links: ReadonlySet<string>): string {
  const lines = [...all];
  for (let length = -1; length !== lines.length;) {
    while (lines.length > 0 && isFooterLine((lines.at(-1) ?? '').trim())) lines.pop();
    length = lines.length;
    const last = lines.pop() ?? '';
    const shorter = withoutEndLure(last);
    if (shorter !== '') lines.push(shorter);
    lines.length = Math.min(startOfButtons(lines), startOfRelated(lines, links));
    if (shorter !== last) length = -1;
  }
  return lines.join('\n').trim();
}

/** Only where nothing but the title, whole or shortened, follows: a sentence may well speak of continuing to read. */
function withoutCutOff(text: string, title: string): string {
  const cut = cutOffAt(text);
  if (!cut || !foldedText(title).startsWith(foldedText(cut.rest))) return text;
  const before = text.slice(0, cut.index).trimEnd();
  if (before === '' || ENDED.test(before)) return before;
  const shorter = before.slice(-100).replace(FRAGMENT, '');
  const whole = (before.slice(0, -100) + shorter).trimEnd();
  return whole.length < before.length && whole !== '' ? whole : `${before}\u2026`;
}
