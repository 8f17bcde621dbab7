const ENTITIES: Readonly<Record<string, string>> = { '&lt;': '<', '&gt;': '>', '&amp;': '&' };

/** `<#C0123|general>`, `<@U0123|ann>`, `<https://a.example|a.example>`, `<mailto:a@b.example|a@b.example>`. */
const TOKEN = /<([#@!]?)([^|<>]*)(?:\|([^<>]*))?>/g;

/** What a person typed, from how Slack sends it when a command escapes names: a channel as its id, a link as its address. */
export function typedText(text: string): string {
  return text
    .replace(TOKEN, shown)
    .replace(/&(?:lt|gt|amp);/g, (entity) => ENTITIES[entity] ?? entity)
    .trim();
}

function shown(...[, sign, target, label]: [string, string, string, string?]): string {
  switch (sign) {
    case '#':
      return target;
    case '@':
    case '!':
      return `@${label ?? target}`;
    default:
      return /^https?:/i.test(target) ? target : (label ?? target);
  }
}
