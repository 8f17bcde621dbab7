/**
 * The link to keep for an entry that shows another one now: a site that its author built on the way home links to
 * "localhost" until it is built again.
 */
export function lastingLink(now: URL | null, before: URL | null): URL | null {
  return now && before && namesMachine(now) && !namesMachine(before) ? before : now;
}

/** As a parsed URL spells them. */
const MACHINE = /^(?:(?:.*\.)?localhost|\d+(?:\.\d+){3}|\[.*\])$/;

function namesMachine({ hostname }: URL): boolean {
  return MACHINE.test(hostname);
}
