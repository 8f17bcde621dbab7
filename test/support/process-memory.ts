import { readFile, writeFile } from 'node:fs/promises';

const MB = 1024 * 1024;

export function rssMb(): number {
  return process.memoryUsage.rss() / MB;
}

/** The highest resident size since `forgetPeak`; where the system cannot say, since the process began. */
export async function peakRssMb(pid = process.pid): Promise<number> {
  const status = await readFile(`/proc/${String(pid)}/status`, 'utf8').catch(() => '');
  const peakKb = Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0);
  return peakKb > 0 ? peakKb / 1024 : process.resourceUsage().maxRSS / 1024;
}

/** From now on the peak is a new one (Linux: proc(5), clear_refs). */
export async function forgetPeak(pid = process.pid): Promise<void> {
  await writeFile(`/proc/${String(pid)}/clear_refs`, '5').catch(() => undefined);
}
