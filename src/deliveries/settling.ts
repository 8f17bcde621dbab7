/** What an operator decides about messages of unknown fate. */
export interface Settling {
  /** So long after its end a lost request may still be carried out. */
  readonly settleMs: number;
  /** When nobody can ever tell: one message too many, or one too few. */
  readonly whenUnsure: 'repeat' | 'drop';
}

export const DEFAULT_SETTLING: Settling = { settleMs: 60_000, whenUnsure: 'repeat' };
