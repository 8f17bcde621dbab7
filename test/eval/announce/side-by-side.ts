/** Does the work for all of them, so many at a time. Rejects with the first error, once no more are begun. */
export async function sideBySide<T>(all: readonly T[], hands: number, work: (one: T) => Promise<void>): Promise<void> {
  const waiting = [...all];
  const hand = async (): Promise<void> => {
    for (let one = waiting.shift(); one !== undefined; one = waiting.shift()) await work(one);
  };
  await Promise.all(Array.from({ length: hands }, hand));
}
