/** Letters with their marks; in scripts that put no space between words, each character by itself. */
const WORD =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]\p{M}*|[\p{L}\p{N}\p{M}]+/gu;
/** Accents. The marks of other scripts tell words apart and stay. */
const ACCENT = /[\u0300-\u036f]/g;

/** The words of a text as topics compare them: no accents, no case, no punctuation ("IS-IS" is "is", "is"). */
export function wordsOf(text: string): string[] {
  return text.normalize('NFKD').replace(ACCENT, '').toLowerCase().match(WORD) ?? [];
}
