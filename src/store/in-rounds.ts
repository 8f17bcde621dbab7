/**
 * Splits a list into rounds of which none holds two that share a key. Those that share one keep their order: the second
 * comes in a later round than the first.
 */
export function inRounds<T>(all: readonly T[], keysOf: (one: T) => readonly unknown[]): T[][] {
  const rounds: T[][] = [];
  const free = new Map<unknown, number>();
  for (const one of all) {
    const keys = keysOf(one);
    const at = Math.max(0, ...keys.map((key) => free.get(key) ?? 0));
    (rounds[at] ??= []).push(one);
    for (const key of keys) free.set(key, at + 1);
  }
  return rounds;
}
