/** What one address has given as one kind of validator, as short hashes. */
export interface ValidatorHistory {
  /** Null: the last whole answer carried none. */
  readonly latest: number | null;
  /** Given before, the newest first. */
  readonly older: readonly number[];
  /**
   * The address was known before it was first observed, and so may be one value that was never seen to be given. After
   * a restart nothing is called invented for that reason.
   */
  readonly mayHoldOne: boolean;
}

export type ValidatorVerdict = 'good' | 'outOfSequence' | 'bogus';

const KEPT = 6;

/** What a request without any condition tells: nothing was held before. */
export const NEVER_GIVEN: ValidatorHistory = { latest: null, older: [], mayHoldOne: false };
export const BEFORE_OUR_TIME: ValidatorHistory = { latest: null, older: [], mayHoldOne: true };

/** Judges a value that is sent, by what the address and those it redirects to have given. */
export function judge(sent: number, histories: readonly ValidatorHistory[]): ValidatorVerdict {
  if (histories.some(({ latest }) => latest === sent)) return 'good';
  if (histories.some(({ older }) => older.includes(sent))) return 'outOfSequence';
  return histories.some(({ mayHoldOne }) => mayHoldOne) ? 'good' : 'bogus';
}

/** A value was sent that could not be judged: it becomes the one that was held. */
export function afterSent(history: ValidatorHistory, sent: number): ValidatorHistory {
  if (!history.mayHoldOne || history.latest === sent || history.older.includes(sent)) return history;
  return history.latest === null
    ? { latest: sent, older: [], mayHoldOne: false }
    : { ...history, older: [...history.older, sent].slice(-KEPT), mayHoldOne: false };
}

/** An answer has given a value, or, null, has given none. */
export function afterGiven(history: ValidatorHistory, given: number | null): ValidatorHistory {
  if (given === history.latest) return history;
  const past = history.latest === null ? history.older : [history.latest, ...history.older];
  return { ...history, latest: given, older: past.filter((one) => one !== given).slice(0, KEPT) };
}
