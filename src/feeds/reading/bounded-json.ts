/** Deeper than any feed. What recurses into a deeper document, as JSON.stringify does, runs out of stack. */
const MAX_DEPTH = 100;

/** The value that a JSON text holds; null if it is no JSON, or nested without reason. */
export function parseBoundedJson(source: string): unknown {
  if (!isShallow(source)) return null;
  try {
    return JSON.parse(source);
  } catch {
    return null;
  }
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPENING = new Set([0x5b, 0x7b]);
const CLOSING = new Set([0x5d, 0x7d]);

/** Brackets within strings count for nothing. */
function isShallow(source: string): boolean {
  let depth = 0;
  let quoted = false;
  for (let at = 0; at < source.length && depth <= MAX_DEPTH; at += 1) {
    const code = source.charCodeAt(at);
    if (code === BACKSLASH) at += 1;
    else if (code === QUOTE) quoted = !quoted;
    else if (!quoted && OPENING.has(code)) depth += 1;
    else if (!quoted && CLOSING.has(code)) depth -= 1;
  }
  return depth <= MAX_DEPTH;
}
