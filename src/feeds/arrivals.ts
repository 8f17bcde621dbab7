/** Work under way, given out as it ends. To race all of it anew for each end would cost as much as it is many. */
export interface Arrivals<T> {
  /** How much was added and not yet given out. */
  readonly size: () => number;
  /** `work` never rejects. */
  readonly add: (work: Promise<T>) => void;
  /** The next that ends, or has ended. For one reader. */
  readonly next: () => Promise<T>;
}

export function createArrivals<T extends object>(): Arrivals<T> {
  const arrived: T[] = [];
  let size = 0;
  let wake = (): void => undefined;
  return {
    size: () => size,
    add: (work) => {
      size += 1;
      void work.then((one) => {
        arrived.push(one);
        wake();
      });
    },
    next: async () => {
      for (;;) {
        const one = arrived.shift();
        if (one !== undefined) {
          size -= 1;
          return one;
        }
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    },
  };
}
