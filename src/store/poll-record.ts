import type { PollRecord } from '../feeds/feed-store.js';

/** next_poll_at, etag, last_modified, failures, trouble, not_before. */
export function recordColumns(record: PollRecord): unknown[] {
  const { nextPollAt, validators, failures, trouble, notBefore } = record;
  return [nextPollAt, validators.etag, validators.lastModified, failures, trouble, notBefore];
}
