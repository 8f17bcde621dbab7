const NAMED_HALVES: readonly (readonly [pattern: RegExp, half: string])[] = [
  [/(?:午前|上午|오전)\s*(\d{1,2}:\d{2}(?::\d{2})?)/g, 'am'],
  [/(?:午後|下午|오후)\s*(\d{1,2}:\d{2}(?::\d{2})?)/g, 'pm'],
];

/** A date in the digits, signs and order that the rest of reading it expects. What is no such spelling stays as it is. */
export function westernSpelling(text: string): string {
  const tidy = text
    .replace(/[٠-٩۰-۹０-９]/g, (digit) => String(digit.charCodeAt(0) & 15))
    .replace(/[−‐‑–](?=\d)/g, '-')
    .replace(/(\d{1,2})\s*[時时点點시]\s*(\d{1,2})\s*[分분](?:\s*(\d{1,2})\s*[秒초])?/g, clock)
    .replace(/(?<![\d:])(\d{1,2})h(\d{2})(?:m?(\d{2}))?(?!\d)/gi, clock)
    .replace(/(?<![\d:])(\d{1,2}):(\d{1,2})(?::(\d{1,2}))?(?![\d:])/g, clock)
    .replace(/(\d{4})\s*[年년]\s*(\d{1,2})\s*[月월]\s*(?:(\d{1,2})\s*[日号號일])?/g, '$1-$2-$3 ')
    .replace(/(\d{1,2})\s+tháng\s+(\d{1,2}),?(?:\s+năm)?\s+(\d{4})/gi, '$3-$2-$1')
    // Scandinavians write the time with a point; behind a year it can be no date.
    .replace(/(\d{4},?\s+(?:kl\.?\s*)?)(\d{2})\.(\d{2})(?![.\d])/gi, '$1$2:$3');
  return NAMED_HALVES.reduce((words, [pattern, half]) => words.replace(pattern, `$1 ${half}`), tidy).replace(/- /, ' ');
}

function clock(_all: string, hours: string, minutes: string, seconds?: string): string {
  return [hours, minutes, seconds]
    .filter((part) => part !== undefined)
    .map((part) => part.padStart(2, '0'))
    .join(':');
}

/** ISO 8601's other two ways to name a day, `2026-034` and `2026-W06-2`, as year, month and day. */
export function calendarSpelling(text: string): string {
  return text
    .replace(/^(\d{4})-?w(\d{2})(?:-?([1-7]))?(?!\d)/i, (_all, year: string, week: string, day = '1') =>
      dayAfter(mondayOfFirstWeek(Number(year)), (Number(week) - 1) * 7 + Number(day) - 1),
    )
    .replace(/^(\d{4})-?(\d{3})(?!\d)/, (_all, year: string, day: string) =>
      dayAfter(Date.UTC(Number(year), 0, 1), Number(day) - 1),
    );
}

/** The fourth of January always lies in the first week. */
function mondayOfFirstWeek(year: number): number {
  const fourth = new Date(Date.UTC(year, 0, 4));
  return fourth.getTime() - ((fourth.getUTCDay() + 6) % 7) * 86_400_000;
}

function dayAfter(fromMs: number, days: number): string {
  return new Date(fromMs + days * 86_400_000).toISOString().slice(0, 10);
}

/** Seconds or milliseconds since 1970, as some programs print a date. */
export function epochDate(text: string): Date | null {
  if (/^[12]\d{9}$/.test(text)) return new Date(Number(text) * 1000);
  return /^[12]\d{12}$/.test(text) ? new Date(Number(text)) : null;
}
