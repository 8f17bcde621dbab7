import { setTimeout as sleep } from 'node:timers/promises';
import type { LogFields, Logger } from '../../src/log.js';
import { perStage, type Ring, type Stage, type StageName } from '../../jobs/stages.js';

export interface LogLine {
  readonly level: keyof Logger;
  readonly event: string;
  readonly fields: LogFields;
}

/** A logger that keeps its lines. */
export function recordingLog(): { readonly log: Logger; readonly lines: LogLine[] } {
  const lines: LogLine[] = [];
  const at =
    (level: keyof Logger) =>
    (event: string, fields: LogFields = {}): void => {
      lines.push({ level, event, fields });
    };
  return { lines, log: { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') } };
}

/** Waits for a condition; rejects with what it waited for when it does not come true. */
export async function until(what: string, holds: () => boolean | Promise<boolean>, ms = 8_000): Promise<void> {
  const deadline = Date.now() + ms;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error(`waited ${String(ms)} ms in vain: ${what}`);
    await sleep(10);
  }
}

export const NOTHING: Ring = { stage: 'deliver', ids: [] };

type Runs = Partial<Record<StageName, (id: string) => Promise<Ring> | Ring>>;

/** Stages over a set of due ids, as the database would keep them: an id is due until it has run without throwing. */
export function stagesOver(
  due: Set<string>,
  runs: Runs,
): { readonly stages: Record<StageName, Stage>; readonly ran: string[] } {
  const ran: string[] = [];
  const stage = (name: StageName): Stage => ({
    due: (limit) => Promise.resolve(name === 'deliver' ? [...due].slice(0, limit) : []),
    async *run(id) {
      ran.push(id);
      const ring = (await runs[name]?.(id)) ?? NOTHING;
      due.delete(id);
      yield ring;
    },
  });
  return { ran, stages: perStage(stage) };
}
