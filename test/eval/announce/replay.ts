/** A feed of the replay server, as `/control/feeds` lists it. */
export interface ReplayedFeed {
  readonly feed: string;
  readonly url: string;
  /** Feeds of one group carry the same articles and share their time; null or missing for a feed that stands alone. */
  readonly group?: string | null;
}

/** The controls of a server that shows feeds as they were, one snapshot after the other. */
export interface Replay {
  readonly feeds: () => Promise<readonly ReplayedFeed[]>;
  /** When the snapshot that each feed shows now was taken. */
  readonly times: () => Promise<ReadonlyMap<string, Date>>;
  /** One step on. Returns the feeds that show something else now; null once there are no more steps. */
  readonly advance: () => Promise<readonly string[] | null>;
}

interface State {
  readonly feeds: readonly { readonly feed: string; /** Seconds since 1970. */ readonly time: number }[];
}

interface Step {
  readonly changed: readonly { readonly feed: string }[];
  readonly done: boolean;
}

export function createReplay(base: URL): Replay {
  const ask = async (path: string, method: 'GET' | 'POST'): Promise<unknown> => {
    const answer = await fetch(new URL(path, base), { method });
    if (!answer.ok) throw new Error(`${method} ${path} answered ${String(answer.status)}`);
    return answer.json();
  };
  return {
    feeds: async () => (await ask('/control/feeds', 'GET')) as ReplayedFeed[],
    times: async () => {
      const { feeds } = (await ask('/control/state', 'GET')) as State;
      return new Map(feeds.map(({ feed, time }) => [feed, new Date(time * 1000)]));
    },
    advance: async () => {
      const { changed, done } = (await ask('/advance', 'POST')) as Step;
      return changed.length === 0 && done ? null : changed.map(({ feed }) => feed);
    },
  };
}
