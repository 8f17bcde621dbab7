const WORD = /[\p{L}\p{N}]+/gu;

/** The words of a text as topics compare them: no accents, no case, no punctuation ("IS-IS" is "is", "is"). */
export function wordsOf(text: string): string[] {
  return text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase().match(WORD) ?? [];
}
