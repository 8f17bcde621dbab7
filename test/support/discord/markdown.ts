import type { APIEmbed } from 'discord.js';

const INVISIBLE = /[\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/gu;
const ESCAPED = /\\([^0-9A-Za-z\s])/g;
/** Stands for an escaped character while markup is looked for. */
const HIDDEN_FROM = 0xe000;
const MASKED = /\[([^\]]+)\]\((https?:\/\/[^\s)]+)\)/g;
const MENTION = /<(@!?|@&|#)\d{17,20}>|@everyone|@here/g;

/** Discord's Markdown as a reader sees it: escapes undone, `label ⇒ url` for masked links, marks dropped. */
export function readMarkdown(markdown: string): string {
  const hidden = markdown.replace(ESCAPED, (_, mark: string) => String.fromCharCode(HIDDEN_FROM + mark.charCodeAt(0)));
  return hidden
    .replace(MASKED, '$1 ⇒ $2')
    .replace(/\*\*|__|~~|\|\||`/g, '')
    .replace(/[\ue000-\uefff]/g, (mark) => String.fromCharCode(mark.charCodeAt(0) - HIDDEN_FROM))
    .replace(INVISIBLE, '');
}

/** All text of an embed as a reader sees it. */
export function readEmbed(embed: APIEmbed): string {
  const title = embed.title === undefined ? '' : readMarkdown(embed.title);
  return [
    embed.author?.name.replace(INVISIBLE, ''),
    embed.url === undefined ? title : `${title} ⇒ ${embed.url}`,
    embed.description === undefined ? '' : readMarkdown(embed.description),
    embed.footer?.text.replace(INVISIBLE, ''),
  ]
    .filter((part) => part !== undefined && part !== '')
    .join('\n');
}

/**
 * Whom a message body would notify: Discord looks at the raw content, escapes and all, unless `allowed_mentions`
 * forbids it. Embeds never notify, but a body that relies on that is one refactoring away from a ping: they count too.
 */
export function pingsOf(body: {
  readonly content?: unknown;
  readonly embeds?: unknown;
  readonly allowed_mentions?: { readonly parse?: readonly unknown[] } | null;
}): string[] {
  if (body.allowed_mentions?.parse?.length === 0) return [];
  return JSON.stringify([body.content, body.embeds]).match(MENTION) ?? [];
}
