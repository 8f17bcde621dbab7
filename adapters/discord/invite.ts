import { OAuth2Scopes, PermissionsBitField } from 'discord.js';

/** What posting and looking a post up take, and nothing else. */
const NEEDED = new PermissionsBitField([
  'ViewChannel',
  'SendMessages',
  'SendMessagesInThreads',
  'EmbedLinks',
  'ReadMessageHistory',
]);

/** The page where somebody adds the bot to a server, asking for exactly what it needs. */
export function inviteUrl(applicationId: string): string {
  const url = new URL('https://discord.com/oauth2/authorize');
  url.search = new URLSearchParams({
    client_id: applicationId,
    scope: [OAuth2Scopes.Bot, OAuth2Scopes.ApplicationsCommands].join(' '),
    permissions: NEEDED.bitfield.toString(),
  }).toString();
  return url.href;
}
