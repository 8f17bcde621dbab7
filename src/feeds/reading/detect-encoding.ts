import { analyse } from 'chardet';

const SAMPLE_LENGTH = 20_000;
/** In bytes, the words that are not ASCII. A few of them look like anything. */
const MIN_SAMPLE = 16;
const MIN_SAMPLE_TO_OVERRULE = 60;
/** Of 100. Below it the guess is worth less than what nearly everybody means: windows-1252. */
const MIN_CONFIDENCE = 25;
const MIN_CONFIDENCE_TO_OVERRULE = 40;

/**
 * The encoding that bytes seem to be in, in lower case; null if that is unclear. To overrule the label that servers give
 * to everything, it must be clearer.
 */
export function detectEncoding(bytes: Uint8Array, overrules: boolean): string | null {
  const sample = sampleOf(bytes);
  if (sample.length < (overrules ? MIN_SAMPLE_TO_OVERRULE : MIN_SAMPLE)) return null;
  const [best] = analyse(sample);
  const isClear = best && best.confidence >= (overrules ? MIN_CONFIDENCE_TO_OVERRULE : MIN_CONFIDENCE);
  return isClear ? best.name.toLowerCase() : null;
}

/** Text without tags and addresses: these are ASCII in any language. */
function sampleOf(bytes: Uint8Array): Uint8Array {
  const text = Buffer.from(bytes)
    .toString('latin1')
    .replace(/<[^<>]*>|&[a-z]+;|https?:[\w/.?=&-]+/gi, ' ');
  const words = text.split(/\s+/).filter((word) => /[\x80-\xff]/.test(word));
  return Buffer.from(words.join(' ').slice(0, SAMPLE_LENGTH), 'latin1');
}
