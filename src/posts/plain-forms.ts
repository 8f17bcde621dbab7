/** One letter can stand for eighteen. No real text grows to more than twice its length, and some signs. */
const MAY_GROW_BY = 100;

/** A text in the plain forms of its letters and signs (NFKC), for comparing. */
export function plainForms(text: string): string {
  return text.normalize('NFKC').slice(0, 2 * text.length + MAY_GROW_BY);
}
