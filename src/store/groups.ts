interface Waiting<Item, Result> {
  readonly item: Item;
  readonly resolve: (result: Result) => void;
  readonly reject: (error: unknown) => void;
}

/** One statement stays short. */
const MOST = 200;

/**
 * Group commit: while one save is under way the next items gather, and go together. A lone one does not wait.
 * `saveAll` returns a result for each item, in their order.
 */
export function createGroups<Item, Result>(
  saveAll: (items: readonly Item[]) => Promise<readonly Result[]>,
): (item: Item) => Promise<Result> {
  const waiting: Waiting<Item, Result>[] = [];
  let saving = false;

  const save = async (group: readonly Waiting<Item, Result>[]): Promise<void> => {
    try {
      const results = await saveAll(group.map(({ item }) => item));
      for (const [index, { resolve }] of group.entries()) resolve(results[index] as Result);
    } catch (error) {
      for (const { reject } of group) reject(error);
    }
  };
  const saveWaiting = async (): Promise<void> => {
    saving = true;
    while (waiting.length > 0) await save(waiting.splice(0, MOST));
    saving = false;
  };

  return (item) =>
    new Promise((resolve, reject) => {
      waiting.push({ item, resolve, reject });
      if (!saving) void saveWaiting();
    });
}
