import { createHash } from 'node:crypto';
import type { DeliveryId } from '../../src/ids.js';

/** Within this long of a message, Discord answers its nonce with that message ("the past few minutes"; kept well below). */
export const NONCE_HOLDS_MS = 90_000;

/** The same for every attempt of one delivery, so that `enforce_nonce` makes one message of them. At most 25 characters. */
export function nonceFor(id: DeliveryId): string {
  return createHash('sha256').update(id).digest('base64url').slice(0, 22);
}
