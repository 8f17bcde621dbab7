export type LogFields = Readonly<Record<string, string | number | boolean | null>>;

/** Structured logging: a fixed event name plus fields, never an interpolated sentence. */
export interface Logger {
  readonly debug: (event: string, fields?: LogFields) => void;
  readonly info: (event: string, fields?: LogFields) => void;
  readonly warn: (event: string, fields?: LogFields) => void;
  readonly error: (event: string, fields?: LogFields) => void;
}

/** What a caught value says of itself, its code first, for the `error` field of a log line. */
export function errorText(error: unknown): string {
  const { code, message = '' } = asError(error);
  const text = message === '' ? String(error) : message;
  return typeof code === 'string' && !text.includes(code) ? `${code}: ${text}` : text;
}

/** The same with the stack: for bugs, where the stack is what helps. */
export function errorStack(error: unknown): string {
  return asError(error).stack ?? errorText(error);
}

/** By its fields, not its class: errors also come from other realms, such as a library's own context. */
function asError(error: unknown): { readonly code?: unknown; readonly message?: string; readonly stack?: string } {
  return typeof error === 'object' && error !== null ? error : {};
}
