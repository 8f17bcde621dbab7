/** Reads a header by its lower-case name; null if it is absent or empty. */
export type HeaderLookup = (name: string) => string | null;

/** Headers that may come once only: a repeated one is no list (RFC 9110 §5.3), and joined it would be a value nobody sent. */
const SINGLE = new Set(['etag', 'last-modified', 'location', 'retry-after', 'content-type', 'age', 'date', 'expires']);

/** Of headers as undici gives and takes them: lower-case names, a list where a name comes more than once. */
export function headerLookup(headers: unknown): HeaderLookup {
  const values = headers as Readonly<Record<string, string | string[] | undefined>>;
  return (name) => {
    const value = values[name];
    const text = Array.isArray(value) ? (SINGLE.has(name) ? value[0] : value.join(', ')) : value;
    return text === undefined || text === '' ? null : text;
  };
}
