const MAX_ENTITIES = 300;
/** Values are short so that references to them cannot make a huge document of a small one. */
const DECLARED = /<!entity\s+([\w.-]{1,40})\s+(?:"([^"&<%]{0,100}|&#\w{1,8};)"|'([^'&<%]{0,100}|&#\w{1,8};)')\s*>/gi;
const MAX_EXPANSION = 500_000;

/**
 * Drops the document type. Of the entities that it declares, those that stand for a few characters are put in place;
 * nested and external ones, with which a document could grow without bounds or read files, are left as they are.
 */
export function withoutDoctype(text: string): string {
  const start = /<!doctype/i.exec(text)?.index ?? -1;
  if (start < 0) return text;
  const end = endOf(text, start);
  if (end === null) return text;
  const rest = text.slice(0, start) + text.slice(end);
  const entities = entitiesOf(text.slice(start, end));
  return entities.size === 0 ? rest : expanded(rest, entities);
}

function endOf(text: string, start: number): number | null {
  const subset = text.indexOf('[', start);
  const end = text.indexOf('>', start);
  if (end < 0) return null;
  const close = subset > 0 && subset < end ? text.indexOf(']', subset) : start;
  const last = text.indexOf('>', close);
  return close < 0 || last < 0 ? text.length : last + 1;
}

function entitiesOf(doctype: string): ReadonlyMap<string, string> {
  const declared = [...doctype.matchAll(DECLARED)].slice(0, MAX_ENTITIES);
  return new Map(declared.map(([, name = '', double, single]) => [name, double ?? single ?? '']));
}

function expanded(text: string, entities: ReadonlyMap<string, string>): string {
  let added = 0;
  return text.replace(/&([\w.-]{1,40});/g, (reference, name: string) => {
    const value = entities.get(name);
    if (value === undefined || added > MAX_EXPANSION) return reference;
    added += value.length;
    return value;
  });
}
