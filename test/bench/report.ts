import { mkdir, writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { join } from 'node:path';
import Table from 'cli-table3';

/** What a bench found: the rows for a person, and the same for a program. */
export interface BenchReport {
  readonly name: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly (string | number)[])[];
  readonly notes: readonly string[];
}

const FOLDER = join(import.meta.dirname, '..', '..', 'coverage', 'bench');

/** Prints the table and writes it as JSON. */
export async function publish(report: BenchReport, write: (text: string) => void): Promise<void> {
  const table = new Table({ head: [...report.head], style: { head: [], border: [], compact: true } });
  for (const row of report.rows) table.push(row.map(String));
  write(`${report.name}\n${table.toString()}\n${report.notes.map((note) => `${note}\n`).join('')}`);
  await mkdir(FOLDER, { recursive: true });
  const file = join(FOLDER, `${report.name}.json`);
  const machine = { node: process.version, cores: cpus().length, cpu: cpus()[0]?.model ?? '' };
  await writeFile(file, `${JSON.stringify({ ...report, machine, at: new Date() }, null, 2)}\n`);
  write(`Written to ${file}\n`);
}
