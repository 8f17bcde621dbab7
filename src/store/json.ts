/**
 * JSON that `jsonb` takes whatever a stranger wrote: PostgreSQL stores no NUL, and no half of a surrogate pair.
 * Undefined fields are left out, which `jsonb_to_recordset` reads as null.
 */
export function toJson(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) => (typeof part === 'string' ? storable(part) : part));
}

const UNSTORABLE = /\0|\p{Surrogate}/gu;

function storable(text: string): string {
  return text.replace(UNSTORABLE, '');
}
