/* eslint-disable @typescript-eslint/naming-convention -- the names are the package's */
/** The package ships its zod schemas as JavaScript without declarations. */
declare module 'discord-api-spec/zod' {
  interface Schema {
    readonly safeParse: (value: unknown) => { readonly success: boolean; readonly error?: unknown };
  }
  export const MessageCreateRequestSchema: Schema;
  export const MessageEditRequestPartialSchema: Schema;
  export const CreateForumThreadRequestSchema: Schema;
  export const UpdateThreadRequestPartialSchema: Schema;
  export const ApplicationCommandUpdateRequestSchema: Schema;
  export const CreateMessageInteractionCallbackRequestSchema: Schema;
  export const UpdateMessageInteractionCallbackRequestSchema: Schema;
  export const IncomingWebhookUpdateRequestPartialSchema: Schema;
  export const IncomingWebhookInteractionRequestSchema: Schema;
  export const IncomingWebhookUpdateForInteractionCallbackRequestPartialSchema: Schema;
}
