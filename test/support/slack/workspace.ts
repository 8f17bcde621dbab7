/** The one workspace of the local server. */
export const BOT_TOKEN = 'xoxb-tidings-test';
export const APP_TOKEN = 'xapp-tidings-test';
export const SIGNING_SECRET = '0123456789abcdef0123456789abcdef';
export const TEAM_ID = 'T0000000001';
/** What is at hand in the workspace; `C` public, `G` private. */
export const CHANNELS = {
  news: 'C0000000001',
  /** Public; the bot may post, not read. */
  notJoined: 'C0000000002',
  archived: 'C0000000003',
  secret: 'G0000000004',
  foreign: 'C0000000009',
} as const;
