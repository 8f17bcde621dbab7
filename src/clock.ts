/** The only source of "now". Tests and the demo pass a clock they can move. */
export type Clock = () => Date;

export const systemClock: Clock = () => new Date();

/** `ms` later than `at`. */
export function later(at: Date, ms: number): Date {
  return new Date(at.getTime() + ms);
}
