export type LogFields = Readonly<Record<string, string | number | boolean | null>>;

/** Structured logging: a fixed event name plus fields, never an interpolated sentence. */
export interface Logger {
  readonly debug: (event: string, fields?: LogFields) => void;
  readonly info: (event: string, fields?: LogFields) => void;
  readonly warn: (event: string, fields?: LogFields) => void;
  readonly error: (event: string, fields?: LogFields) => void;
}

/** What a caught value says of itself, for the `error` field of a log line. */
export function errorText(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const code = 'code' in error && typeof error.code === 'string' ? `${error.code}: ` : '';
  return `${code}${error.message || error.name}`;
}

/** The same with the stack: for bugs, where the stack is what helps. */
export function errorStack(error: unknown): string {
  return error instanceof Error ? (error.stack ?? errorText(error)) : String(error);
}
