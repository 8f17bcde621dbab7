import type { PostOutcome } from '../../src/chat/post-outcome.js';

/** A request that got no answer. `fate` tells whether Discord can have carried it out. */
export class WireError extends Error {
  override readonly name = 'WireError';
  readonly fate: 'not-sent' | 'unknown';

  constructor(fate: 'not-sent' | 'unknown', detail: string, cause?: unknown) {
    super(detail, { cause });
    this.fate = fate;
  }
}

/** A request held back on our side, because an earlier answer said not to ask. */
export class GateClosedError extends Error {
  override readonly name = 'GateClosedError';
  readonly outcome: PostOutcome;

  constructor(outcome: PostOutcome) {
    super(`held back: ${outcome.kind}`);
    this.outcome = outcome;
  }
}
