import { foldedText } from '../entry-keys.js';

const MAX_LINE_LENGTH = 300;
const MAX_SUFFIX_WORDS = 6;
/** A shorter title that the first sentence begins with is a part of that sentence. */
const MIN_INLINE_TITLE = 12;
const MIN_TEXT_BEHIND_TITLE = 40;
const SITE_SEPARATOR = /\s[-–—|·•»«:]{1,2}\s/u;

const MONTH =
  '(?:jan|feb|m[aä]r|apr|ma[iy]|jun|jul|aug|sep|o[ck]t|nov|de[cz]|fév|avr|juin|juil|août|déc|ene|abr|ago|dic|gen|mag|giu|lug|set|ott|fev|out|янв|фев|мар|апр|ма[йя]|июн|июл|авг|сен|окт|ноя|дек)\\p{L}{0,8}\\.?';
const DATE = `(?:\\d{4}[-/.]\\d{1,2}[-/.]\\d{1,2}|\\d{1,2}[-/.]\\d{1,2}[-/.]\\d{4}|${MONTH} \\d{1,2}(?:st|nd|rd|th)?,? \\d{4}|\\d{1,2}(?:st|nd|rd|th)?\\.? (?:de )?${MONTH}(?: de)? \\d{4}|\\d{4}年\\d{1,2}月\\d{1,2}日)`;
const TIME =
  '(?:,? ?(?:at |um |à |, )?\\d{1,2}[:.h]\\d{2}(?::\\d{2})?(?: ?[ap]\\.?m\\.?)?(?: ?(?:utc|gmt|[ce]e?s?t|p[sd]t|e[sd]t|uhr))?)?';
/** When and by whom: the entry says both by itself. */
const DATED = new RegExp(
  `^(?:(?:last )?(?:posted|published|updated|written|by|von|par|por|di|door|veröffentlicht|publié|publicado|pubblicato|gepubliceerd|опубликовано)\\b.{0,80}?)${DATE}${TIME}(?:\\W{1,3}(?:by|in|von|par|por|di|door)\\b.{1,80}|\\W{1,3}\\d{1,3} min.{0,20})?\\W{0,3}$`,
  'iu',
);
const DATE_AND_AUTHOR = new RegExp(`^(?:on )?${DATE}${TIME}\\W{1,3}(?:by|von|par|por|di|door)\\s.{1,80}$`, 'iu');
const READING_TIME =
  /^\W{0,3}(?:(?:(?:estimated |approximate )?reading time|time to read|lesezeit|temps de lecture|tiempo de lectura|tempo di lettura|tempo de leitura|leestijd|время (?:на )?чтени[ея]|読了時間|阅读时间)\s?[:：]?\s?(?:ca\. |about |~)?\d{1,3}\s?\p{L}{0,10}\.?(?: read)?|\d{1,3}[ -]?min(?:ute)?s?\.?[ -]read|(?:この記事は)?約?\s?\d{1,3}\s?分で読めます)\W{0,3}$/iu;
const BY = /^(?:(?:posted|written|published) )?(?:by|von|par|por|di|door|автор|作者|文)\s?[:：]?\s?/iu;

/** What an entry says elsewhere than in its text. */
export interface Known {
  readonly title: string;
  readonly author: string | null;
}

/** Does a line at the head of a text only say what its entry says anyway, or how long the text is? */
export function isOpeningLine(line: string, { title, author }: Known): boolean {
  if (line.length > MAX_LINE_LENGTH + title.length) return false;
  return repeatsTitle(line, title) || (line.length <= MAX_LINE_LENGTH && isByLine(line, author));
}

function isByLine(line: string, author: string | null): boolean {
  if (READING_TIME.test(line) || DATED.test(line) || DATE_AND_AUTHOR.test(line)) return true;
  const by = BY.exec(line);
  return by !== null && author !== null && foldedText(line.slice(by[0].length)) === foldedText(author);
}

/** The title, with or without the name of the site behind it. */
export function repeatsTitle(line: string, title: string): boolean {
  if (!mayBeAlike(line, title)) return false;
  const said = foldedText(line);
  const known = foldedText(title);
  if (said === '' || known === '') return false;
  return said === known || isSuffixed(line, known) || isSuffixed(title, said);
}

/** Cheaper than folding, and never false for lines that are alike: their first letters or digits are. */
function mayBeAlike(a: string, b: string): boolean {
  return firstSign(a) === firstSign(b);
}

function firstSign(text: string): string {
  return (/[\p{L}\p{N}]/u.exec(text)?.[0] ?? '').normalize('NFKC').toLowerCase().charAt(0);
}

/** Is `longer` the folded `shorter` and, behind a separator, a name as sites have them? */
function isSuffixed(longer: string, shorter: string): boolean {
  const pieces = longer.split(SITE_SEPARATOR);
  for (let count = 1; count < Math.min(pieces.length, 4); count++) {
    const site = pieces.slice(-count).join(' ');
    const rest = longer.slice(0, longer.length - site.length - 1);
    if (foldedText(rest) === shorter) return isSiteName(site);
  }
  return false;
}

/** "Packet Notes", not "how it happened". */
function isSiteName(text: string): boolean {
  const words = text.split(/\s+/u);
  return words.length <= MAX_SUFFIX_WORDS && words.every((word) => !/^\p{Ll}{4,}$/u.test(word));
}

/** With these a sentence begins: where no mark ends the title, they tell that it ended. */
const STARTERS =
  /^(?:The|This|These|That|A|An|At|In|On|If|When|While|As|For|From|With|After|Before|Over|Today|Yesterday|Last|We|We\p{Pf}re|I|I\p{Pf}m|It|It\p{Pf}s|You|Our|My|There|Here|What|How|Why|Have|Every|Many|Most|Some|Since|Now|Der|Die|Das|Ein|Eine|Im|Am|Wir|Ich|Es|Wer|Wenn|Nach|Seit|Heute|Le|La|Les|Un|Une|Dans|Nous|Je|Il|El|Los|Las|Una|Hoy|Gli|Nel|Oggi|Os|Um|Uma|Hoje|De|Het|Een|Vandaag)\s/u;
const MIN_OPEN_TITLE_WORDS = 3;

/** The text behind a title that stands as its first sentence. */
export function withoutInlineTitle(paragraph: string, title: string): string {
  if (title.length < MIN_INLINE_TITLE || paragraph.length < title.length + MIN_TEXT_BEHIND_TITLE) return paragraph;
  if (paragraph.slice(0, title.length).toLowerCase() !== title.toLowerCase()) return paragraph;
  const behind = paragraph.slice(title.length);
  const ended = /[.!?\u2026。！？]$/u.test(title)
    ? /^\s+(?=[\p{Lu}\p{Lo}\p{N}"“«(])/u.exec(behind)
    : /^\s*(?:[.!?\u2026]\s+|[。！？]\s*|\s[-–—|:]\s|:\s)(?=[\p{Lu}\p{Lo}\p{N}"“«(])/u.exec(behind);
  if (ended) return behind.slice(ended[0].length);
  const starts =
    title.split(' ').length >= MIN_OPEN_TITLE_WORDS && /^\s/.test(behind) && STARTERS.test(behind.trimStart());
  return starts ? behind.trimStart() : paragraph;
}
