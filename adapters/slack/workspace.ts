import type { webApi } from '@slack/bolt';
import type { ChannelRef } from '../../src/chat/channel.js';
import type { PostOutcome } from '../../src/chat/post-outcome.js';
import { classify } from './classify.js';

/** A post may take 15 s in all; the rest is for the post itself. */
const PATIENCE_MS = 2_500;

/** Null if the channel belongs to the workspace our token is for, else what becomes of a post to it. */
export type CheckWorkspace = (channel: ChannelRef) => Promise<PostOutcome | null>;

/** Which workspace a token is for, asked of Slack once, when first needed. */
export function createWorkspaceCheck(client: webApi.WebClient): CheckWorkspace {
  let asked: Promise<readonly string[] | PostOutcome> | null = null;
  const ask = async (): Promise<readonly string[] | PostOutcome> => {
    try {
      const { team_id: teamId, enterprise_id: enterpriseId } = await client.auth.test();
      return [teamId, enterpriseId].filter((id) => id !== undefined);
    } catch (error) {
      asked = null;
      return notPosted(classify(error));
    }
  };

  return async (channel) => {
    asked ??= ask();
    const answer = await within(PATIENCE_MS, asked);
    if (answer === null) return { kind: 'unavailable', detail: 'Slack has not said yet which workspace this is' };
    if ('kind' in answer) return answer;
    return answer.includes(channel.workspaceId) ? null : { kind: 'refused', reason: 'workspace-gone' };
  };
}

/** Whatever happened to the question, no message was sent. */
function notPosted(outcome: PostOutcome): PostOutcome {
  return outcome.kind === 'unknown' ? { kind: 'unavailable', detail: outcome.detail } : outcome;
}

/** Null if it takes longer; it goes on, and its answer serves the next one who asks. */
async function within<T>(ms: number, answer: Promise<T>): Promise<T | null> {
  let timer: NodeJS.Timeout | undefined;
  const patience = new Promise<null>((resolve) => {
    timer = setTimeout(resolve, ms, null);
  });
  try {
    return await Promise.race([answer, patience]);
  } finally {
    clearTimeout(timer);
  }
}
