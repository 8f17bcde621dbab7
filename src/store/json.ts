/**
 * JSON that `jsonb` takes whatever a stranger wrote: PostgreSQL stores no NUL, and no half of a surrogate pair.
 * Undefined fields are left out, which `jsonb_to_recordset` reads as null.
 */
export function toJson(value: unknown): string {
  const json = JSON.stringify(value);
  if (!UNSTORABLE_ESCAPE.test(json)) return json;
  return JSON.stringify(value, (_key, part: unknown) => (typeof part === 'string' ? storable(part) : part));
}

/** How JSON writes such characters; also what only looks like it, which costs a second look. */
const UNSTORABLE_ESCAPE = /\\u(?:0000|d[89a-f])/;

const UNSTORABLE = /\0|\p{Surrogate}/gu;

function storable(text: string): string {
  return text.replace(UNSTORABLE, '');
}
