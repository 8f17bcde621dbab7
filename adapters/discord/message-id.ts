/** Where a message stands: in the channel it was sent to, or in one of that channel's threads. */
export interface Spot {
  readonly channelId: string;
  readonly messageId: string;
}

/** What we call a message. One in a thread of a forum is named with its thread, for it is only found there. */
export function nameInThread({ channelId, messageId }: Spot): string {
  return `${channelId}/${messageId}`;
}

/** Reads what `nameInThread` wrote, or a plain id, which stands in the channel itself. */
export function spotOf(name: string, channelId: string): Spot {
  const [first = '', second] = name.split('/');
  return second === undefined ? { channelId, messageId: first } : { channelId: first, messageId: second };
}
