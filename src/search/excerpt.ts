import type { Query } from '../topics/topic.js';
import { wordsOf } from '../topics/words.js';

/** Where a match stands deeper than this, showing it is not worth the time. */
const READ_CHARACTERS = 20_000;
const LONGEST_EXCERPT = 140;

/** A line of the text around the first word that was asked for; null if the text has none. */
export function excerptOf(text: string, query: Query): string | null {
  const wanted = new Set(wantedWords(query));
  const pieces = text.slice(0, READ_CHARACTERS).split(/\s+/).filter(Boolean);
  const found = pieces.findIndex((piece) => wordsOf(piece).some((word) => wanted.has(word)));
  if (found === -1) return null;
  const start = startBefore(pieces, found);
  const shown = fitting(pieces.slice(start));
  const end = start + shown.length;
  return `${start > 0 ? '… ' : ''}${shown.join(' ')}${end < pieces.length ? ' …' : ''}`;
}

function wantedWords(query: Query): readonly string[] {
  switch (query.kind) {
    case 'term':
      return query.words;
    case 'all':
    case 'any':
      return query.of.flatMap(wantedWords);
    case 'about':
      return wantedWords(query.of);
    case 'not':
      return [];
  }
}

/** A third of the line leads up to the word. */
function startBefore(pieces: readonly string[], found: number): number {
  let start = found;
  let length = 0;
  while (start > 0 && length + (pieces[start - 1]?.length ?? 0) < LONGEST_EXCERPT / 3) {
    start -= 1;
    length += (pieces[start]?.length ?? 0) + 1;
  }
  return start;
}

/** At least one piece, cut if it alone is too long. */
function fitting(pieces: readonly string[]): string[] {
  const shown = [(pieces[0] ?? '').slice(0, LONGEST_EXCERPT)];
  let length = shown[0]?.length ?? 0;
  for (const piece of pieces.slice(1)) {
    length += piece.length + 1;
    if (length > LONGEST_EXCERPT) break;
    shown.push(piece);
  }
  return shown;
}
