import type { Conditions, Validators } from '../feed.js';

/** So many same answers on end mean that the origin does not read the conditions. */
const TELLING_ANSWERS = 3;

/** `same`: a whole answer that held nothing new, although the conditions were sent. */
export type ConditionalAnswer = 'unchanged' | 'same' | 'different';

/**
 * Some servers never match an ETag (compression changes it on the way) but honour the date, which is ignored beside an
 * ETag (RFC 9110 §13.1.3). So the date is tried alone before the origin is held to know no conditions.
 */
export function conditionsAfter(before: Conditions, answer: ConditionalAnswer, sent: Validators): Conditions {
  switch (answer) {
    case 'unchanged':
      return { ...before, identical: 0, work: true };
    case 'different':
      return { ...before, identical: 0 };
    case 'same':
      return afterSame({ ...before, identical: before.identical + 1 }, sent);
  }
}

function afterSame(conditions: Conditions, sent: Validators): Conditions {
  if (conditions.identical < TELLING_ANSWERS) return conditions;
  const canTryDate = conditions.send === 'all' && sent.etag !== null && sent.lastModified !== null;
  return canTryDate ? { ...conditions, send: 'date-only', identical: 0 } : { send: 'all', identical: 0, work: false };
}

/** What of the validators to send. */
export function validatorsToSend(validators: Validators, { send }: Conditions): Validators {
  return send === 'all' ? validators : { etag: null, lastModified: validators.lastModified };
}
