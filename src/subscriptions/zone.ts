const formats = new Map<string, Intl.DateTimeFormat>();

/** A time zone's wall clock at that moment, in milliseconds as if the wall clock were UTC. */
export function wallClock(at: Date, timeZone: string): number {
  const parts = Object.fromEntries(
    formatOf(timeZone)
      .formatToParts(at)
      .map(({ type, value }) => [type, Number(value)]),
  );
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts;
  return Date.UTC(year, month - 1, day, hour, minute, second) + (((at.getTime() % 1_000) + 1_000) % 1_000);
}

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;

/**
 * The first moment at which the zone's wall clock has come to `wall`: the first of two when clocks go back, the moment
 * of the change when they skip it.
 */
export function momentOf(wall: number, timeZone: string): Date {
  // Offsets run from -12 to +14 hours, and no zone changes twice in so short a time.
  const earliest = wall - 15 * HOUR_MS;
  const latest = wall + 13 * HOUR_MS;
  const guesses = [earliest, latest].map((at) => wall - offsetMs(at, timeZone)).sort((a, b) => a - b);
  const exact = guesses.find((at) => wallClock(new Date(at), timeZone) === wall);
  return new Date(exact ?? firstMinute(earliest, latest, (at) => at + offsetMs(at, timeZone) >= wall));
}

function offsetMs(at: number, timeZone: string): number {
  return wallClock(new Date(at), timeZone) - at;
}

function firstMinute(from: number, to: number, isReached: (at: number) => boolean): number {
  let [low, high] = [Math.floor(from / MINUTE_MS), Math.ceil(to / MINUTE_MS)];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (isReached(middle * MINUTE_MS)) high = middle;
    else low = middle;
  }
  return high * MINUTE_MS;
}

function formatOf(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone);
  if (known) return known;
  const made = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    ...({ year: 'numeric', month: 'numeric', day: 'numeric' } as const),
    ...({ hour: 'numeric', minute: 'numeric', second: 'numeric' } as const),
  });
  formats.set(timeZone, made);
  return made;
}

/** The zone as its rules are known here, however its letters are written; null if there is no such zone. */
export function readTimeZone(typed: string): string | null {
  const wanted = typed.trim().toLowerCase().replaceAll(' ', '_');
  if (['utc', 'gmt', 'z', 'etc/utc'].includes(wanted)) return 'UTC';
  const known = Intl.supportedValuesOf('timeZone');
  const exact = known.find((name) => name.toLowerCase() === wanted);
  if (exact !== undefined) return exact;
  const cities = known.filter((name) => name.toLowerCase().endsWith(`/${wanted}`));
  return cities[0] ?? (/^[a-z]+\/[a-z_/+-]+$/.test(wanted) ? alias(typed.trim()) : null);
}

/** Former names are not listed, but still known: Asia/Kolkata, or Asia/Calcutta. */
function alias(name: string): string | null {
  try {
    new Intl.DateTimeFormat('en-US', { timeZone: name });
    return name;
  } catch {
    return null;
  }
}
