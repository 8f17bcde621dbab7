import { readdir, readFile } from 'node:fs/promises';

/** A clock tick of proc(5), on every Linux that Node runs on. */
const TICK_MS = 10;

/** CPU time that a process and its children have taken, in milliseconds; NaN where the system cannot say. */
export async function cpuMs(pid: number): Promise<number> {
  const stats = await Promise.all((await readdir('/proc').catch(() => [])).filter(isPid).map(statOf));
  const own = stats.flatMap((stat) => (stat && (stat.pid === pid || stat.parent === pid) ? [stat.ticks] : []));
  return own.length === 0 ? NaN : own.reduce((sum, ticks) => sum + ticks, 0) * TICK_MS;
}

interface Stat {
  readonly pid: number;
  readonly parent: number;
  /** Its own and those of its children that have ended. */
  readonly ticks: number;
}

async function statOf(pid: string): Promise<Stat | null> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  // The name stands in brackets and may hold anything; the fields count from behind it.
  const fields = text
    .slice(text.lastIndexOf(')') + 2)
    .split(' ')
    .map(Number);
  if (fields.length < 15) return null;
  const ticks = fields.slice(11, 15).reduce((sum, field) => sum + field, 0);
  return { pid: Number(pid), parent: fields[1] ?? 0, ticks };
}

function isPid(name: string): boolean {
  return /^\d+$/.test(name);
}
