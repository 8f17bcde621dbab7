/** Fewer back-dated entries are news all the same: an article held back by its editors, a source that was added. */
const SEVERAL = 3;

type Dates = readonly (Date | null)[];

/**
 * Is what is new only the past, shown because the window grew? True when several entries are new and all of them are
 * dated before the oldest that stood in the window before. Nothing else about a date ever silences a new entry.
 */
export function showsThePast(previous: Dates, fresh: Dates): boolean {
  if (fresh.length < SEVERAL) return false;
  const stood = believable(previous);
  const came = believable(fresh);
  if (stood.length === 0 || came.length < fresh.length) return false;
  return Math.max(...came) < Math.min(...stood);
}

/** Dates that tell entries apart: one that most of several share is when the feed was built, and of no entry. */
function believable(dates: Dates): number[] {
  const times = dates.flatMap((date) => date?.getTime() ?? []);
  const counts = new Map<number, number>();
  for (const time of times) counts.set(time, (counts.get(time) ?? 0) + 1);
  return times.filter((time) => {
    const shared = counts.get(time) ?? 0;
    return shared < 2 || shared * 2 <= dates.length;
  });
}
