/** Invisible characters that only ever hide, reorder or break text: direction controls, zero-width spaces, soft hyphens. */
const INVISIBLE =
  /[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|[\u{e0000}-\u{e007f}]/gu;
/** Zero-width joiners belong between letters of some scripts and within emoji, and nowhere else. */
const STRAY_JOINERS = /(?<![\p{L}\p{M}\p{Emoji}\ufe0f])[\u200c\u200d]+|[\u200c\u200d]+(?![\p{L}\p{M}\p{Emoji}])/gu;
/** C1 controls are what windows-1252 punctuation becomes when it is taken for Latin-1; five of its places are empty. */
const WINDOWS_1252 =
  '\u20ac\0\u201a\u0192\u201e\u2026\u2020\u2021\u02c6\u2030\u0160\u2039\u0152\0\u017d\0\0\u2018\u2019\u201c\u201d\u2022\u2013\u2014\u02dc\u2122\u0161\u203a\u0153\0\u017e\u0178';
const CONTROLS = /(?![\t\n])\p{Cc}/gu;

/** Text that shows what it holds: every kind of space is a space, nothing is hidden, at most one empty line on end. */
export function cleanCharacters(text: string): string {
  return text
    .replace(/\r\n?|[\u2028\u2029]/g, '\n')
    .replace(/[\x80-\x9f]/g, (control) => WINDOWS_1252[control.charCodeAt(0) - 0x80] ?? '')
    .replace(INVISIBLE, '')
    .replace(STRAY_JOINERS, '')
    .replace(CONTROLS, '')
    .replace(/\p{Zs}/gu, ' ')
    .replace(/[ \t]+\n/g, '\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim();
}

/** The same on one line. */
export function cleanLine(text: string): string {
  return cleanCharacters(text).replace(/\s+/g, ' ');
}

/** A whole line by which a publisher's software leads to the full article, in the languages of its shipped translations. */
const TEASER_LINES = [
  /^(?:\[?(?:\u2026|\.{3})\]?\s*)?(?:continue|keep) reading\b.{0,200}$/iu,
  /^(?:\[?(?:\u2026|\.{3})\]?\s*)?(?:read (?:more|on|the (?:full|rest|whole|entire|original))|(?:view|see) (?:the )?(?:full|original)|learn more|find out more)\b[^.!?]{0,200}(?:\.{3}|[:\u2026\u2192\u00bb])?$/iu,
  /^(?:\[?(?:\u2026|\.{3})\]?\s*)?(?:weiterlesen|mehr lesen|lire la suite|en savoir plus|leer m\u00e1s|seguir leyendo|continua a leggere|leggi tutto|lees (?:meer|verder)|leia mais|continue lendo|l\u00e4s mer|czytaj (?:dalej|wi\u0119cej)|\u0447\u0438\u0442\u0430\u0442\u044c (?:\u0434\u0430\u043b\u0435\u0435|\u043f\u043e\u043b\u043d\u043e\u0441\u0442\u044c\u044e)|\u7d9a\u304d\u3092\u8aad\u3080|\u9605\u8bfb\u5168\u6587|\u7ee7\u7eed\u9605\u8bfb)(?:\s.{0,200})?$/iu,
  /^(?:the post|der beitrag|l.article|la entrada|l.articolo|het bericht|o post|inl\u00e4gget|wpis)\s.{1,400}?\s(?:appeared first on|erschien zuerst auf|est apparu en premier sur|se public\u00f3 primero en|aparece primero en|proviene da|verscheen eerst op|apareceu primeiro em|d\u00f6k f\u00f6rst upp p\u00e5|pojawi\u0142 si\u0119 najpierw na|pochodzi z serwisu)\s.{1,200}$/iu,
];
/** The same at the end of a line that says something else first. */
const TEASER_TAILS = [
  /(?<=[.!?\u2026\]])\s*[[(]?(?:continue reading|read more)\s*(?:[\u2192\u00bb>\u2026\])]|\.{3})*$/iu,
  /(?<=[.!?\u2026\]])\s*the post\s.{1,400}?\sappeared first on\s.{1,200}$/iu,
  /\s*\[(?:\u2026|\.{3}|&hellip;)\]$/u,
];
/** What WordPress puts behind an excerpt that it cut in the middle of a sentence, often with the title. */
const CUT_OFF = /\s*[[(]?(?:\u2026|\.{3})?[\])]?\s*\bContinue reading\b(?<rest>.{0,500})$/u;
const MIN_REPEATED_LENGTH = 40;

/** The text of an entry without what says nothing: the title again, a passage twice, links to the rest of the article. */
export function cleanText(text: string, title: string): string {
  const paragraphs = cleanCharacters(text).split(/\n{2,}/);
  const own = withoutTitle(paragraphs, title);
  return withoutCutOff(withoutTail(withoutRepeats(own)).join('\n\n').trim(), title);
}

/** Only where nothing but the title, whole or shortened, follows: a sentence may well speak of continuing to read. */
function withoutCutOff(text: string, title: string): string {
  const found = CUT_OFF.exec(text);
  if (!found || !folded(title).startsWith(folded(found.groups?.['rest'] ?? ''))) return text;
  const before = text.slice(0, found.index).trimEnd();
  return before === '' || /[\p{P}\u2026]$/u.test(before) ? before : `${before}\u2026`;
}

function withoutTitle(paragraphs: readonly string[], title: string): readonly string[] {
  const [first = '', ...rest] = paragraphs;
  const [line = '', ...lines] = first.split('\n');
  if (folded(title) === '' || folded(line) !== folded(title)) return paragraphs;
  return lines.length > 0 ? [lines.join('\n'), ...rest] : rest;
}

/** Each longer passage once; a teaser that the text then goes on from is left out too. */
function withoutRepeats(paragraphs: readonly string[]): readonly string[] {
  const seen = new Set<string>();
  const [first = '', second = ''] = paragraphs;
  const teaser = folded(first.replace(/\s*\[?(?:\u2026|\.{3})\]?$/u, ''));
  const repeatsItself = teaser.length >= MIN_REPEATED_LENGTH && folded(second).startsWith(teaser);
  return (repeatsItself ? paragraphs.slice(1) : paragraphs).filter((paragraph) => {
    const key = folded(paragraph);
    const repeated = key.length >= MIN_REPEATED_LENGTH && seen.has(key);
    seen.add(key);
    return !repeated;
  });
}

/** From the end upwards, as long as there is something to leave out. */
function withoutTail(paragraphs: readonly string[]): readonly string[] {
  const lines = paragraphs.join('\n\n').split('\n');
  while (lines.length > 0) {
    const last = (lines.at(-1) ?? '').trim();
    const shorter = TEASER_LINES.some((teaser) => teaser.test(last))
      ? ''
      : TEASER_TAILS.reduce((line, tail) => line.replace(tail, ''), last).trimEnd();
    if (shorter === last && last !== '') break;
    lines.pop();
    if (shorter !== '') lines.push(shorter);
  }
  return lines.join('\n').split(/\n{2,}/);
}

function folded(text: string): string {
  return (
    text
      .normalize('NFKC')
      .toLowerCase()
      .match(/[\p{L}\p{M}\p{N}]+/gu) ?? []
  ).join(' ');
}
