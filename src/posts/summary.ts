const ELLIPSIS = '\u2026';
/** A sentence end nearer to the start than this share would leave too little said. */
const MIN_SHARE = 0.4;
/** Enough text behind the limit for the segmenter to know what kind of break stands there. */
const LOOK_AHEAD = 200;

/**
 * The beginning of a text, on one line, at most `maxLength` UTF-16 units with the "…" that marks a cut. It ends where a
 * sentence ends, else between words, and only within a word that is itself too long, then between characters.
 */
export function summarise(text: string, maxLength = 300): string {
  const line = text
    .slice(0, maxLength * 4 + LOOK_AHEAD)
    .replace(/\s+/g, ' ')
    .trim();
  if (line.length <= maxLength) return line;
  const start = line.slice(0, maxLength + LOOK_AHEAD);
  const room = maxLength - ELLIPSIS.length - 1;
  const sentences = cut(start, 'sentence', room);
  if (sentences.length >= maxLength * MIN_SHARE) return `${sentences} ${ELLIPSIS}`;
  const words = cut(start, 'word', room);
  const kept = words === '' ? cut(start, 'grapheme', room) : words;
  return `${kept.replace(/[\s,;:\p{Pd}]+$/u, '')}${ELLIPSIS}`;
}

/** As many whole segments as fit. */
function cut(text: string, granularity: 'sentence' | 'word' | 'grapheme', room: number): string {
  let end = 0;
  for (const { index, segment } of new Intl.Segmenter(undefined, { granularity }).segment(text)) {
    const segmentEnd = index + segment.trimEnd().length;
    if (segmentEnd > room) break;
    end = segmentEnd;
  }
  return text.slice(0, end).trimEnd();
}
