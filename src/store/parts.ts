const PART_LENGTH = 1_000_000;

/** At most a megabyte of text at a time, in order: what is written at one go holds up everything else. */
export function inParts<T extends { readonly entry: { readonly text: string } }>(all: readonly T[]): T[][] {
  const parts: T[][] = [];
  let length = Infinity;
  for (const one of all) {
    if (length > PART_LENGTH) {
      parts.push([]);
      length = 0;
    }
    length += one.entry.text.length;
    parts.at(-1)?.push(one);
  }
  return parts;
}
