import { subscribe, unsubscribe } from 'node:diagnostics_channel';

/** Which snapshot each address showed last, as the server's answers say. */
export interface Snapshots {
  readonly of: (url: URL) => number;
  readonly close: () => void;
}

/** What undici, with which the product fetches, publishes when the head of an answer is there. */
interface Answered {
  readonly request: { readonly origin: string | URL; readonly path: string };
  readonly response: { readonly headers: readonly Buffer[] };
}

const ANSWERED = 'undici:request:headers';

/** Looks on at the wire: the product has no use for this header and hands it to nobody. */
export function watchSnapshots(): Snapshots {
  const shown = new Map<string, number>();
  const look = (published: unknown): void => {
    const { request, response } = published as Answered;
    const snapshot = valueOf(response.headers, 'x-replay-snapshot');
    if (snapshot !== null) shown.set(new URL(request.path, request.origin).href, Number(snapshot));
  };
  subscribe(ANSWERED, look);
  return {
    of: (url) => {
      const snapshot = shown.get(url.href);
      if (snapshot === undefined) throw new Error(`${url.href} was answered without x-replay-snapshot`);
      return snapshot;
    },
    close: () => unsubscribe(ANSWERED, look),
  };
}

/** Names and values take turns. */
function valueOf(headers: readonly Buffer[], name: string): string | null {
  const at = headers.findIndex((part, index) => index % 2 === 0 && part.toString('latin1').toLowerCase() === name);
  return headers[at + 1]?.toString('latin1') ?? null;
}
