import { Socket } from 'node:net';
import { nextTick } from 'node:process';

/**
 * A connection whose corked writes go out together at the end of the turn that made them. The driver writes each
 * statement by itself; each write costs a system call here and wakes the server there.
 */
export class GatheringSocket extends Socket {
  override uncork(): void {
    nextTick(() => {
      super.uncork();
    });
  }
}
