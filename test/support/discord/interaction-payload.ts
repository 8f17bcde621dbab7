import type { StoredMessage } from './api.js';
import type { InteractionState, Settings } from './platform.js';

const MANAGE_CHANNELS = '16';

interface Common {
  readonly channelId?: string;
  /** Decimal permission bits of the caller in the channel; Manage Channels if not given. */
  readonly permissions?: string;
  /** A direct message: no guild, no member. */
  readonly direct?: boolean;
  /** Spoils the signature. */
  readonly forged?: boolean;
}

export type InteractionRequest =
  | (Common & { readonly kind: 'ping' })
  | (Common & {
      readonly kind: 'command';
      readonly name: string;
      readonly options?: Readonly<Record<string, string | number>>;
    })
  | (Common & { readonly kind: 'button'; readonly customId: string; readonly on: StoredMessage });

/** The interaction object as Discord sends it (docs: interactions/receiving-and-responding). */
export function interactionPayload(request: InteractionRequest, state: InteractionState, settings: Settings): unknown {
  const user = {
    id: '400000000000000001',
    username: 'reader',
    discriminator: '0',
    global_name: 'A Reader',
    avatar: null,
  };
  const place =
    request.direct === true
      ? { user, context: 1 }
      : {
          guild_id: settings.guildId,
          guild: { id: settings.guildId, locale: 'en-US', features: [] },
          guild_locale: 'en-US',
          context: 0,
          member: {
            user,
            nick: null,
            roles: [],
            joined_at: '2026-01-01T00:00:00.000Z',
            deaf: false,
            mute: false,
            flags: 0,
            permissions: request.permissions ?? MANAGE_CHANNELS,
          },
        };
  return {
    id: state.id,
    token: state.token,
    application_id: settings.applicationId,
    version: 1,
    app_permissions: '0',
    locale: 'en-US',
    entitlements: [],
    authorizing_integration_owners: { '0': settings.guildId },
    attachment_size_limit: 10_485_760,
    ...(request.kind === 'ping' ? {} : { channel_id: state.channelId, channel: { id: state.channelId, type: 0 } }),
    ...place,
    ...dataOf(request),
  };
}

function dataOf(request: InteractionRequest): object {
  switch (request.kind) {
    case 'ping':
      return { type: 1 };
    case 'command': {
      const options = Object.entries(request.options ?? {}).map(([name, value]) => ({
        name,
        value,
        type: typeof value === 'number' ? 4 : 3,
      }));
      const data = {
        id: '500000000000000001',
        name: 'tidings',
        type: 1,
        options: [{ name: request.name, type: 1, options }],
      };
      return { type: 2, data };
    }
    case 'button': {
      const { on } = request;
      const message = { ...on, channel_id: on.channelId, author: { id: '100000000000000001' }, type: 0 };
      return { type: 3, message, data: { component_type: 2, custom_id: request.customId } };
    }
  }
}
