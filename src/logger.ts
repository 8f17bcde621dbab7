import { pino } from 'pino';
import type { LogLevel } from './config-values.js';
import type { Logger } from './log.js';

export interface LogOptions {
  readonly level: LogLevel;
  /** One JSON object per line (NDJSON), or a line for a person at a terminal. */
  readonly format: 'json' | 'text';
  /** Takes whole lines, synchronously, so that nothing is lost when the process ends. */
  readonly write: (line: string) => void;
}

/** Logs `{"level":"info","time":"…","event":"feed-polled",…}`. */
export function createLogger({ level, format, write }: LogOptions): Logger {
  const sink =
    format === 'json'
      ? write
      : (line: string): void => {
          write(asText(line));
        };
  const log = pino(
    {
      level,
      base: null,
      messageKey: 'event',
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
    },
    { write: sink },
  );
  return {
    debug: (event, fields = {}) => {
      log.debug(fields, event);
    },
    info: (event, fields = {}) => {
      log.info(fields, event);
    },
    warn: (event, fields = {}) => {
      log.warn(fields, event);
    },
    error: (event, fields = {}) => {
      log.error(fields, event);
    },
  };
}

/** `21:08:07 warn  feed-failed url=https://… status=404`; a stack goes below its line. */
function asText(line: string): string {
  const { level, time, event, stack, ...fields } = JSON.parse(line) as Readonly<Record<string, unknown>>;
  const pairs = Object.entries(fields).map(([name, value]) => ` ${name}=${shown(value)}`);
  const below = stack === undefined ? '' : `\n${plain(stack)}`;
  return `${plain(time).slice(11, 19)} ${plain(level).padEnd(5)} ${plain(event)}${pairs.join('')}${below}\n`;
}

function shown(value: unknown): string {
  const text = plain(value);
  return /^[^\s"=]+$/.test(text) ? text : JSON.stringify(text);
}

function plain(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
