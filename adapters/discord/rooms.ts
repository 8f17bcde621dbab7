/** How long each channel takes no more messages, as Discord's answers to earlier ones have it. */
export interface Rooms {
  readonly heed: (method: string, url: string, headers: Headers) => void;
  /** What the last answer said, once. */
  readonly takeFreeInMs: (channelId: string) => number | null;
}

const MESSAGES_OF = /\/channels\/(\d+)\/messages$/;

/** @see https://discord.com/developers/docs/topics/rate-limits#header-format */
export function createRooms(): Rooms {
  const fullFor = new Map<string, number>();
  return {
    heed: (method, url, headers) => {
      const channelId = method === 'POST' ? MESSAGES_OF.exec(new URL(url).pathname)?.[1] : undefined;
      const resetAfterMs = Number(headers.get('x-ratelimit-reset-after') ?? Number.NaN) * 1_000;
      if (channelId === undefined || headers.get('x-ratelimit-remaining') !== '0') return;
      if (resetAfterMs > 0) fullFor.set(channelId, Math.ceil(resetAfterMs));
    },
    takeFreeInMs: (channelId) => {
      const freeInMs = fullFor.get(channelId) ?? null;
      fullFor.delete(channelId);
      return freeInMs;
    },
  };
}
