import { hash } from 'node:crypto';

const DIGEST_LENGTH = 16;

/** Makes digests of entries. They differ when the texts differ, or what the document around them says of their meaning. */
export function createDigests(context: readonly string[]): (text: string) => string {
  const before = JSON.stringify(context);
  return (text) => hash('sha256', before + text).slice(0, DIGEST_LENGTH);
}
