import type { Interpreted } from '../interpreted.js';

const ENTITIES: Readonly<Record<string, string>> = { '&lt;': '<', '&gt;': '>', '&amp;': '&' };
const TOKEN = /<([^<>]*)>/g;
const MARKS: readonly (readonly [string, string])[] = [
  ['bold', '\\*'],
  ['italic', '_'],
  ['strike', '~'],
];
/** Names of emoji: letters and digits of any kind; of bare numbers only these two are any. */
const EMOJI = /:((?!\d+:)[\p{Ll}\p{Lo}\p{M}\p{N}_'+-]+|100|1234):/gu;
const HOLD = '\ue000';

/**
 * What Slack makes of mrkdwn: the text that a person sees, and everything in it that is more than text. Tokens in angle
 * brackets are read first, then code, emphasis, quotations and emoji, and entities last.
 */
export function interpretMrkdwn(mrkdwn: string): Interpreted {
  const effects: string[] = [];
  const links: { label: string; target: string }[] = [];
  const held: string[] = [];
  const hold = (text: string): string => {
    held.push(text);
    return `${HOLD}${String(held.length - 1)}${HOLD}`;
  };
  let text = mrkdwn.replace(TOKEN, (_, token: string) => hold(readToken(token, effects, links)));
  text = text.replace(/```([^]+?)```|`([^`\n]+)`/g, (_, block?: string, span?: string) => {
    effects.push('code');
    return hold(block ?? span ?? '');
  });
  for (const [name, mark] of MARKS) {
    const pair = new RegExp(
      `(?<![\\p{L}\\p{N}${mark}])${mark}(?![\\s\u200b])([^\\n]*?[^\\s\u200b])${mark}(?![\\p{L}\\p{N}${mark}])`,
      'gu',
    );
    text = text.replace(pair, (_, inside: string) => {
      effects.push(name);
      return inside;
    });
  }
  text = text.replace(/^(?:>|&gt;)\s?/gm, () => (effects.push('quote'), ''));
  text = text.replace(EMOJI, (_, name: string) => {
    effects.push(`emoji ${name}`);
    return `EMOJI(${name})`;
  });
  text = decoded(text).replace(new RegExp(`${HOLD}(\\d+)${HOLD}`, 'g'), (_, at: string) => held[Number(at)] ?? '');
  return { text, effects, links };
}

function readToken(token: string, effects: string[], links: { label: string; target: string }[]): string {
  const [target = '', ...rest] = token.split('|');
  const label = rest.length > 0 ? rest.join('|') : null;
  // Nobody says what becomes of a second bar.
  if (rest.length > 1) effects.push('a bar in a label');
  if (target.startsWith('!date^')) return label ?? '';
  if (/^[!@#]/.test(target)) {
    effects.push(`ping ${target}`);
    return `PING(${target})`;
  }
  const inside = interpretMrkdwn(label ?? target);
  effects.push(...inside.effects);
  links.push({ label: inside.text, target: decoded(target) });
  return inside.text;
}

function decoded(text: string): string {
  return text.replace(/&(?:lt|gt|amp);/g, (entity) => ENTITIES[entity] ?? entity);
}
