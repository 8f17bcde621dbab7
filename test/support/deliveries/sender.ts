import type { Pool } from 'pg';
import { createStages } from '../../../jobs/stages.js';
import { createDiscordAdapter } from '../../../adapters/discord/discord-adapter.js';
import { createSlackAdapter } from '../../../adapters/slack/slack-adapter.js';
import type { Clock } from '../../../src/clock.js';
import { createStores } from '../../../src/store/stores.js';
import { CATALOGUE } from '../../../src/topics/catalogue.js';
import { silentLog } from '../database.js';
import type { DiscordServer } from '../discord/discord-server.js';
import type { SlackServer } from '../slack/slack-server.js';
import { BOT_TOKEN } from '../slack/workspace.js';

/** What one process with the role `deliver` does, without a queue: looks, and does what is due. */
export interface Sender {
  /** All that is due now, and what that makes due. */
  readonly work: () => Promise<void>;
  readonly close: () => Promise<void>;
}

interface SenderParts {
  readonly pool: Pool;
  readonly clock: Clock;
  readonly slack: Pick<SlackServer, 'apiUrl'>;
  readonly discord: Pick<DiscordServer, 'apiUrl' | 'token' | 'applicationId'>;
  /** Deliveries done at once. */
  readonly hands: number;
}

const LOOK = 500;

export function createSender({ pool, clock, slack, discord, hands }: SenderParts): Sender {
  const tools = { clock, log: silentLog };
  const adapters = [
    createDiscordAdapter({
      token: discord.token,
      applicationId: discord.applicationId,
      publicKey: null,
      apiUrl: discord.apiUrl,
      ...tools,
    }),
    createSlackAdapter({ botToken: BOT_TOKEN, appToken: null, signingSecret: null, apiUrl: slack.apiUrl, ...tools }),
  ];
  const never = (): never => {
    throw new Error('a sender polls nothing');
  };
  const { deliver } = createStages({
    ...createStores(pool),
    fetchFeed: never,
    parseFeed: never,
    adapters: new Map(adapters.map((adapter) => [adapter.platform, adapter])),
    topics: CATALOGUE,
    random: () => 0,
    ...tools,
  });
  const doAll = async (ids: readonly string[]): Promise<void> => {
    const waiting = [...ids];
    const hand = async (): Promise<void> => {
      for (let id = waiting.shift(); id !== undefined; id = waiting.shift()) {
        for await (const ring of deliver.run(id)) if (ring.stage === 'deliver') waiting.push(...ring.ids);
      }
    };
    await Promise.all(Array.from({ length: hands }, hand));
  };
  return {
    work: async () => doAll(await deliver.due(LOOK)),
    close: async () => {
      await deliver.stop?.();
      await Promise.all(adapters.map((adapter) => adapter.stop()));
      await pool.end();
    },
  };
}
