const STEPS = [
  { unit: 'd', ms: 86_400_000 },
  { unit: 'h', ms: 3_600_000 },
  { unit: 'min', ms: 60_000 },
  { unit: 's', ms: 1_000 },
] as const;

/** "3 h ago", "in 5 min", "now"; "never" for null. */
export function relative(at: Date | null, now: Date): string {
  if (at === null) return 'never';
  const ms = at.getTime() - now.getTime();
  const step = STEPS.find((one) => Math.abs(ms) >= one.ms);
  if (!step) return 'now';
  const text = `${String(Math.floor(Math.abs(ms) / step.ms))} ${step.unit}`;
  return ms < 0 ? `${text} ago` : `in ${text}`;
}

/** "15 min", "1 h 30 min". */
export function interval(ms: number): string {
  let rest = ms;
  const parts = STEPS.flatMap((step) => {
    const count = Math.floor(rest / step.ms);
    rest -= count * step.ms;
    return count > 0 ? [`${String(count)} ${step.unit}`] : [];
  });
  return parts.join(' ') || '0 s';
}
