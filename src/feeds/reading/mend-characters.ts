const ILLEGAL = /[\0-\x08\x0b\x0c\x0e-\x1f\ufeff\ufffe\uffff]|\p{Surrogate}/gu;
/** The same or more, found several times as fast. */
const MAYBE_ILLEGAL = /[\0-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufeff\ufffe\uffff]/;
const REFERENCE = /&#(?:x([\da-f]{1,6})|(\d{1,7}));/gi;
/** What windows-1252 has where Unicode has control characters that nobody means. */
const WINDOWS_1252 = '€\x81‚ƒ„…†‡ˆ‰Š‹Œ\x8dŽ\x8f\x90‘’“”•–—˜™š›œ\x9džŸ';

/** Characters as XML 1.0 (§2.2, §2.11) allows them: others are dropped, whether they stand there or are referred to. */
export function mendCharacters(text: string): string {
  const lines = text.includes('\r') ? text.replace(/\r\n?/g, '\n') : text;
  const referred = lines.includes('&#') ? lines.replace(REFERENCE, mendedReference) : lines;
  return MAYBE_ILLEGAL.test(referred) ? referred.replace(ILLEGAL, '') : referred;
}

function mendedReference(reference: string, hex: string | undefined, decimal: string | undefined): string {
  const code = hex === undefined ? Number(decimal) : parseInt(hex, 16);
  if (code >= 0x80 && code < 0xa0) return WINDOWS_1252[code - 0x80] ?? '';
  // Halves of a pair come together here; a lone one is dropped with the other illegal characters.
  if (code >= 0xd800 && code < 0xe000) return String.fromCharCode(code);
  return isLegal(code) ? reference : '';
}

function isLegal(code: number): boolean {
  return code === 9 || code === 10 || code === 13 || (code >= 0x20 && code <= 0x10ffff && (code & 0xfffe) !== 0xfffe);
}
