/** One figure of a suite: a share from 0 to 1, unless its unit says a count. */
export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit?: 'count';
  /** What unseen data should reach; null when the figure only explains another, or has a ceiling instead. */
  readonly atLeast: number | null;
  /** What unseen data should not exceed. */
  readonly atMost?: number;
}

/** What the command line gives a suite: its arguments, a stream of questions, and where the answers go. */
export interface Exchange {
  readonly args: readonly string[];
  readonly input: NodeJS.ReadableStream;
  readonly answer: (prediction: unknown) => void;
  readonly progress: (line: string) => void;
}

/** One kind of quality. A suite is a file in `suites/`, named as on the command line, that exports `suite`. */
export interface Suite {
  /** Files and folders below the data folder without which it cannot be scored. */
  readonly needs: readonly string[];
  /** Answers with the product's own code. */
  readonly predict: (exchange: Exchange) => Promise<void>;
  /** Runs the scorer that lies with the data on `command`, which starts `predict`. */
  readonly score: (dataDir: string, command: string) => Promise<readonly Figure[]>;
}
