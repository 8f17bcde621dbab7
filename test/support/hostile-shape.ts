/** What a poll may come to: "read" (a document was stored), or why it was not. */
export type HostileEnd = 'read' | 'not-a-feed' | 'too-large' | 'timeout' | 'connection';

/** A document that can be made as large as one likes. */
export interface HostileShape {
  readonly name: string;
  readonly contentType: string;
  readonly body: (bytes: number) => string | Uint8Array;
  readonly ends: readonly HostileEnd[];
}
