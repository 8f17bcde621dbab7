/** So many new entries at once are no burst, however quiet the feed. */
export const NO_BURST = 5;
const TIMES_USUAL = 3;

/** Has one poll brought far more than is usual? `counts`: how many the feed's last polls brought that brought any. */
export function isBurst(fresh: number, counts: readonly number[]): boolean {
  const usual = counts.reduce((sum, count) => sum + count, 0) / Math.max(counts.length, 1);
  return fresh > Math.max(NO_BURST, TIMES_USUAL * usual);
}
