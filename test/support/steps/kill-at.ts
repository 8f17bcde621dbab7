import { setTimeout as sleep } from 'node:timers/promises';
import type { SenderProcess } from '../sender-process.js';

/** On the wall: longer than it takes to come to a step when nothing is in the way. */
const STIR_EVERY_MS = 1_500;
const MOST_STIRS = 40;

/** The steps that a process took so far. */
export function stepsOf({ told }: SenderProcess): string[] {
  return told.flatMap((line) => (line.startsWith('step: ') ? [line.slice('step: '.length)] : []));
}

/** How a process ends that was killed at a step: by what, and the last that it told. */
export function killedAt(step: string): string {
  return `SIGKILL, killed at: ${step}`;
}

/** Makes a step deadly and gives the process something to do until it dies of it. Resolves with how it ended. */
export async function killAt(sender: SenderProcess, step: string, stir: () => Promise<void>): Promise<string> {
  const { process: child, told } = sender;
  await sender.runs;
  sender.tell(step);
  for (let stirs = 0; stirs < MOST_STIRS; stirs += 1) {
    await stir();
    const ended = await Promise.race([sender.ended.then(() => true), sleep(STIR_EVERY_MS, false)]);
    if (ended) return `${String(child.signalCode)}, ${told.at(-1) ?? 'silent'}`;
  }
  throw new Error(`never reached: ${step}`);
}
