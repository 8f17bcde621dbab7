import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { blockTrouble, parsed } from './block-rules.js';
import { readMessage } from './reader.js';

/** What was sent to a `response_url`. */
export interface SentReply {
  readonly text: string;
  readonly blocks: readonly unknown[];
  readonly responseType: 'ephemeral' | 'in_channel';
  readonly replaceOriginal: boolean;
  /** As a person reads it. */
  readonly seen: string;
}

export interface ReplyBox {
  readonly id: string;
  readonly sent: () => readonly SentReply[];
  /** The nth reply, counted from 1; rejects if it takes longer. */
  readonly next: (n: number, withinMs: number) => Promise<SentReply>;
}

/** Slack takes five answers to one command. */
const MOST_REPLIES = 5;

export interface ReplyBoxes {
  readonly open: () => ReplyBox;
  /** HTTP status and body for a POST to a box. */
  readonly receive: (id: string, contentType: string, body: string) => { status: number; body: string };
}

/** @see https://docs.slack.dev/interactivity/handling-user-interaction#message_responses */
export function createReplyBoxes(): ReplyBoxes {
  const boxes = new Map<string, SentReply[]>();
  return {
    open: () => {
      const id = randomUUID();
      const sent: SentReply[] = [];
      boxes.set(id, sent);
      return { id, sent: () => sent, next: (n, withinMs) => nthOf(sent, n, withinMs) };
    },
    receive: (id, contentType, body) => {
      const box = boxes.get(id);
      if (!box) return { status: 404, body: 'expired_url' };
      if (box.length >= MOST_REPLIES) return { status: 404, body: 'used_url' };
      if (!contentType.startsWith('application/json')) return { status: 400, body: 'invalid_payload' };
      const reply = readReply(body);
      if (typeof reply === 'string') return { status: 500, body: reply };
      box.push(reply);
      return { status: 200, body: 'ok' };
    },
  };
}

async function nthOf(sent: readonly SentReply[], n: number, withinMs: number): Promise<SentReply> {
  const until = performance.now() + withinMs;
  for (;;) {
    const reply = sent[n - 1];
    if (reply) return reply;
    if (performance.now() > until) throw new Error(`no reply ${String(n)} within ${String(withinMs)} ms`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

const REPLY = z.strictObject({
  text: z.string().default(''),
  blocks: z.array(z.unknown()).default([]),
  response_type: z.enum(['ephemeral', 'in_channel']).default('ephemeral'),
  replace_original: z.boolean().default(false),
  delete_original: z.boolean().default(false),
});

/** The reply, or the name of what is wrong with it. */
function readReply(body: string): SentReply | string {
  const { data } = REPLY.safeParse(parsed(body));
  if (!data) return 'invalid_payload';
  const { text, blocks, response_type: responseType, replace_original: replaceOriginal } = data;
  const seen = readMessage({ text, blocks });
  return contentTrouble(text, blocks) ?? { text, blocks, responseType, replaceOriginal, seen };
}

function contentTrouble(text: string, blocks: readonly unknown[]): string | null {
  if (text === '' && blocks.length === 0) return 'no_text';
  return blockTrouble(JSON.stringify(blocks))?.error ?? null;
}
