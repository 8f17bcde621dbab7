/** Lines and ends of lines that only lead to the whole article, in languages that publishing software is translated to. */
const MAX_LINE_LENGTH = 600;
const LEAD = String.raw`^(?:[[(]?(?:…|\.{3})[\])]?\s*)?`;
const ARROWS = String.raw`(?:\s|[→»›>…\])⎯]|\.{3}|-+>)*`;
const PIECE = '(?:(?:blog )?post|article|story|entry|review|report|interview|announcement|piece|thread)';
const WHOLE = '(?:full|rest of (?:the|this)|entire|original|complete|whole)';

/** Case counts where a text was cut off: "Read more" behind it, not "read more" within it. */
const ENGLISH = 'Continue [Rr]eading|Keep [Rr]eading|Read [Mm]ore|READ MORE|View [Mm]ore|See [Mm]ore';
const OTHERS = [
  'Weiterlesen|Weiter lesen|Mehr lesen|Lire la suite|En savoir plus|Leer más|Seguir leyendo|Sigue leyendo|Continuar leyendo',
  'Continua a leggere|Leggi tutto|Leggi di più|Lees meer|Lees verder|Verder lezen|Leia mais|Ler mais|Continue lendo',
  'Läs mer|Læs mere|Les mer|Lue lisää|Czytaj dalej|Czytaj więcej|Devamını oku|Číst dál|Celý článek',
  'Читать далее|Читать дальше|Читать полностью|Читати далі|続きを読む|もっと読む|阅读全文|继续阅读|阅读更多|閱讀全文|繼續閱讀|查看全文',
  '계속 읽기|더 보기|اقرأ المزيد|متابعة القراءة|קרא עוד|המשך קריאה|อ่านต่อ|อ่านเพิ่มเติม|और पढ़ें',
].join('|');

const WHOLE_LINES = [
  new RegExp(String.raw`${LEAD}(?:continue|keep) reading\b.{0,200}$`, 'iu'),
  new RegExp(
    String.raw`${LEAD}(?:read (?:more|on|full ${PIECE}|the (?:full|rest|whole|entire|original|complete))|(?:view|see) (?:the )?(?:full|original|entire)|learn more|find out more|full ${PIECE})\b[^.!?]{0,200}(?:\.{3}|[:…→»])?$`,
    'iu',
  ),
  new RegExp(
    String.raw`^(?:click here to )?(?:read|view|see) (?:more of this|(?:the )?${WHOLE}) ${PIECE}\b.{0,200}$`,
    'iu',
  ),
  new RegExp(String.raw`${LEAD}(?:${OTHERS})(?:[\s:…→»].{0,200})?$`, 'iu'),
  /^\(?(?:more|mehr|suite|más)\s*(?:…|\.{3}|»|→)\)?$/iu,
];

/** "The post … appeared first on …": what WordPress and Medium put under each text of a feed. */
const CREDITS = [
  [
    'the post|der beitrag|l.article|la entrada|l.articolo|het bericht|o post|o artigo|o conteúdo|inlägget|indlægget|innlegget|wpis|artykuł|příspěvek|сообщение|запись|artikkeli',
    'appeared first on|first appeared on|erschien zuerst auf|est apparu en premier sur|se publicó primero en|aparece primero en|proviene da|sembra essere il primo su|verscheen eerst op|apareceu primeiro em|aparece primeiro em|dök först upp på|blev først udgivet på|dukket først opp på|pojawił się najpierw na|pochodzi z serwisu|pochází z|появились сначала на|впервые появилась на|julkaistiin ensimmäisenä',
  ],
  ['投稿', 'に(?:最初に)?表示されました'],
].map(([first = '', last = '']) => new RegExp(String.raw`^(?:${first}).{1,400}?\s?(?:${last}).{0,200}$`, 'iu'));
const OTHER_CREDITS = [
  /^.{1,400}?最先出现在.{1,200}$/u,
  /^.{1,300}? was originally published (?:in|on) .{1,100} on medium\b.{0,200}$/iu,
  /^[^.!?(]{1,200} (?:was )?(?:originally|first) (?:published|appeared) (?:in|on) (?!\d)[^!?]{1,150}$/iu,
  /^th(?:is|e) (?:post|article|story|entry|piece|content|interview)(?: was| has been)? (?:(?:originally|first) ){1,2}(?:appeared|published|posted) (?:on|at|by|in) (?!\d).{1,200}$/iu,
  /^th(?:is|e) (?:post|article|story|entry|piece) (?:originally |first ){1,2}appeared (?:on|at|in) .{1,200}$/iu,
];
const END_LURES = [
  new RegExp(String.raw`(?<=[.!?…\])])\s?[[(]?(?:continue reading|read more)${ARROWS}$`, 'iu'),
  new RegExp(String.raw`(?<=[.!?…\])。！？؟।])\s?[[(]?(?:${OTHERS})${ARROWS}$`, 'u'),
  new RegExp(
    String.raw`(?<=[.!?…\]])\s?(?:Click here to read|Read) (?:the )?${WHOLE} ${PIECE}[^.!?]{0,60}[.!]?${ARROWS}$`,
    'u',
  ),
  /(?<=[.!?。]["”’)]?)\s(?:…|\.{3})$/u,
  /(?<=[.!?…\]])\s?the post\s.{1,400}?\s(?:appeared first|first appeared) on\s.{1,200}$/iu,
];
/** A text cut by its software ends so; `rest` is the title again, where there is one. */
const CUT_OFF = new RegExp(
  String.raw`(?:[[(]?(?:…|\.{3})[\])]?)?\s?(?<![\p{L}\p{M}])(?:${ENGLISH}|${OTHERS})(?<rest>[^\n]{0,500})$`,
  'u',
);
/** Most texts hold none of these, which is quickly seen. */
const CUT_WORDS = new RegExp(`${ENGLISH}|${OTHERS}`, 'u');
const MARKED_CUT = /\s?[[(](?:…|\.{3}|&hellip;)[\])]$/u;

/** Does a line say nothing but where the whole article stands? */
export function isLure(line: string): boolean {
  return (
    line.length <= MAX_LINE_LENGTH && [...WHOLE_LINES, ...CREDITS, ...OTHER_CREDITS].some((lure) => lure.test(line))
  );
}

/** The line without a lure behind its last sentence. */
export function withoutEndLure(line: string): string {
  const start = Math.max(0, line.length - MAX_LINE_LENGTH - 100);
  const end = line.slice(start);
  const shorter = END_LURES.reduce((text, lure) => text.replace(lure, ''), end);
  return shorter === end ? line : (line.slice(0, start) + shorter).trimEnd();
}

/** Where a text breaks off within a sentence, as its software marked it. Null if it does not. `rest` stands behind. */
export function cutOffAt(text: string): { readonly index: number; readonly rest: string } | null {
  const start = Math.max(0, text.length - MAX_LINE_LENGTH - 100);
  const end = text.slice(start);
  const found = MARKED_CUT.exec(end) ?? (CUT_WORDS.test(end) ? CUT_OFF.exec(end) : null);
  if (!found) return null;
  return { index: start + found.index, rest: found.groups?.['rest'] ?? '' };
}
