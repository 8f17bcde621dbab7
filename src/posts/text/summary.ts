const ELLIPSIS = '\u2026';
/** A sentence end nearer to the start than this share would leave too little said. */
const MIN_SHARE = 0.4;
/** Enough text behind the limit for the segmenter to know what kind of break stands there. */
const LOOK_AHEAD = 200;

const SENTENCES = new Intl.Segmenter('en', { granularity: 'sentence' });
const WORDS = new Intl.Segmenter('en', { granularity: 'word' });
const GRAPHEMES = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** Of Latin, Chinese and Japanese, Arabic and Urdu, Hindi, Armenian, Ethiopic, Burmese and Khmer; brackets and quotes may close behind. */
const SENTENCE_END = /[.!?…。！？．؟۔।॥։።၊။។][\p{Pe}\p{Pf}"'\u0300-\u036f]*$/u;
/** A dot behind one of these, or behind single letters ("U.S.", "e.g."), says nothing about the sentence. */
const ABBREVIATED =
  /(?:^|[\s\p{P}])(?:(?:\p{L}\.)*\p{L}|Mr|Mrs|Ms|Dr|Prof|Sr|Jr|St|Gen|Sen|Rep|Gov|Lt|Col|vs|etc|approx|ca|cf|viz|al|Inc|Ltd|Corp|Co|No|Nr|Vol|Fig|Sec|Ch|pp|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec|bzw|usw|Hr|Fr|Abs|evtl|ggf|inkl|Mme|Mlle|Sra?|Dra?|Ud|ул|им|рис|стр|тыс|млн|млрд|руб)\.$/iu;

/**
 * The beginning of a text, on one line, at most `maxLength` UTF-16 units with the "…" that marks a cut. It ends where a
 * sentence or at least a line ends, else between words, and only within a word that is itself too long, then between
 * characters. Addresses and version numbers stay whole.
 */
export function summarise(text: string, maxLength = 300): string {
  if (maxLength <= 0) return '';
  const lines = linesWithin(text, maxLength + LOOK_AHEAD);
  if (lines.length <= maxLength) return onOneLine(lines);
  const start = lines.slice(0, maxLength + LOOK_AHEAD);
  const room = maxLength - ELLIPSIS.length - 1;
  const sentences = sentencesWithin(start, room);
  if (sentences.length >= maxLength * MIN_SHARE) return `${onOneLine(sentences)} ${ELLIPSIS}`;
  const words = withoutBrokenAddress(segmentsWithin(start, WORDS, room), start);
  const kept = words === '' ? segmentsWithin(start, GRAPHEMES, room) : words;
  return `${onOneLine(kept).replace(/(?<![\s,;:\p{Pd}])[\s,;:\p{Pd}]+$/u, '')}${ELLIPSIS}`;
}

/** At least `length` units of the text where it has so many. One space between words, one line end between lines. */
function linesWithin(text: string, length: number): string {
  const source = text.slice(0, length * 4);
  const lines = tidy(source);
  return lines.length < length && source.length < text.length ? tidy(text) : lines;
}

function tidy(text: string): string {
  return text
    .replace(/\s+/g, (space) => (space.includes('\n') ? '\n' : ' '))
    .replace(/\p{Surrogate}/gu, '\ufffd')
    .trim();
}

function onOneLine(lines: string): string {
  return lines.replace(/\n/g, ' ');
}

/** As many whole sentences as fit; where they are too few, as many whole lines. */
function sentencesWithin(text: string, room: number): string {
  let sentenceEnd = 0;
  let lineEnd = 0;
  for (const { index, segment } of SENTENCES.segment(text)) {
    const said = segment.trimEnd();
    const end = index + said.length;
    if (end > room) break;
    if (SENTENCE_END.test(said.slice(-8)) && !ABBREVIATED.test(said.slice(-16))) sentenceEnd = end;
    else if (segment.endsWith('\n')) lineEnd = end;
  }
  return text.slice(0, sentenceEnd >= room * MIN_SHARE ? sentenceEnd : Math.max(sentenceEnd, lineEnd));
}

/** As many whole segments as fit. */
function segmentsWithin(text: string, segmenter: Intl.Segmenter, room: number): string {
  let end = 0;
  for (const { index, segment } of segmenter.segment(text)) {
    const segmentEnd = index + segment.trimEnd().length;
    if (segmentEnd > room) break;
    end = segmentEnd;
  }
  return text.slice(0, end).trimEnd();
}

/** An address, a version or a hyphenated word is several words to the segmenter. */
function withoutBrokenAddress(kept: string, text: string): string {
  const behind = text.slice(kept.length);
  if (!/^[!-~]/.test(behind) || /^[,.;:!?)\]}"']+(?:[^!-~]|$)/.test(behind)) return kept;
  const before = kept.replace(/(?<![!-~])[!-~]+$/, '');
  return before.trim() === '' ? kept : before.trimEnd();
}
