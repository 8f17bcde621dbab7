interface Waiting<Item, Result> {
  readonly item: Item;
  readonly resolve: (result: Result) => void;
  readonly reject: (error: unknown) => void;
}

export interface GroupBounds {
  /** Of a group; by default 200, so that one statement stays short. */
  readonly most?: number;
  /** Groups under way at one moment; only full ones go beside others. By default one. */
  readonly atOnce?: number;
}

/**
 * Group commit: while a save is under way the next items gather, and go together. A lone one does not wait. `saveAll`
 * returns a result for each item, in their order. When it rejects, each is tried alone: what is wrong with one is no
 * trouble for the others.
 */
export function createGroups<Item, Result>(
  saveAll: (items: readonly Item[]) => Promise<readonly Result[]>,
  { most = 200, atOnce = 1 }: GroupBounds = {},
): (item: Item) => Promise<Result> {
  const waiting: Waiting<Item, Result>[] = [];
  let underWay = 0;

  const save = async (group: readonly Waiting<Item, Result>[]): Promise<void> => {
    try {
      const results = await saveAll(group.map(({ item }) => item));
      for (const [index, { resolve }] of group.entries()) resolve(results[index] as Result);
    } catch (error) {
      if (group.length > 1) await Promise.all(group.map((one) => save([one])));
      else group[0]?.reject(error);
    }
  };
  const maySave = (): boolean =>
    waiting.length > 0 && (underWay === 0 || (underWay < atOnce && waiting.length >= most));
  const saveWaiting = (): void => {
    while (maySave()) {
      underWay += 1;
      void save(waiting.splice(0, most)).then(() => {
        underWay -= 1;
        saveWaiting();
      });
    }
  };

  return (item) =>
    new Promise((resolve, reject) => {
      waiting.push({ item, resolve, reject });
      saveWaiting();
    });
}
