/** Which delivery's nonce made which message, as far as this process saw it happen. */
export interface Authorship {
  readonly remember: (messageId: string, nonce: string) => void;
  /** Null for a message made before this process, or so long ago that it was forgotten. */
  readonly nonceOf: (messageId: string) => string | null;
}

export function createAuthorship(most: number): Authorship {
  const nonces = new Map<string, string>();
  return {
    remember: (messageId, nonce) => {
      nonces.set(messageId, nonce);
      const [oldest] = nonces.keys();
      if (nonces.size > most && oldest !== undefined) nonces.delete(oldest);
    },
    nonceOf: (messageId) => nonces.get(messageId) ?? null,
  };
}
