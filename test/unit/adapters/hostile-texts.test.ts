import { describe, expect, test } from '@jest/globals';
import type { APIEmbed } from 'discord.js';
import { renderMessage as renderDiscord, type MessageBody } from '../../../adapters/discord/render.js';
import { threadName } from '../../../adapters/discord/forum.js';
import { renderMessage as renderSlack, type SlackMessage } from '../../../adapters/slack/render.js';
import { MESSAGE_FORMATS, type Message } from '../../../src/chat/message.js';
import { checkForumPost, checkMessage } from '../../support/discord/validate.js';
import { interpretMarkdown } from '../../support/discord/interpret.js';
import { digestOf, messageOf } from '../../support/hostile-messages.js';
import {
  BAD_ADDRESSES,
  BAD_PICTURES,
  HOSTILE_TEXTS,
  MENTIONING_LINKS,
  POSING_LINKS,
  type HostileLink,
} from '../../support/hostile-texts.js';
import { seen, type Interpreted } from '../../support/interpreted.js';
import { blockTrouble, isJson } from '../../support/slack/block-rules.js';
import { interpretMrkdwn } from '../../support/slack/mrkdwn.js';

const FAMILIES = [...new Set(HOSTILE_TEXTS.map(({ family }) => family))];
const OWN_LINK = 'https://blog.example/';

const NO_TAGS = { tags: [], requireTag: false };

function named(text: string): string {
  return JSON.stringify(text.slice(0, 40));
}

/** All mrkdwn of a message, and the words that Slack does not read for markup. */
function slackParts({ text, blocks }: SlackMessage): { read: Interpreted[]; plain: string[] } {
  const read = [interpretMrkdwn(text)];
  const plain: string[] = [];
  const walk = (value: unknown): void => {
    if (Array.isArray(value)) value.forEach(walk);
    if (!isJson(value)) return;
    if (value['type'] === 'mrkdwn') read.push(interpretMrkdwn(String(value['text'])));
    if (value['type'] === 'plain_text') plain.push(String(value['text']));
    if (typeof value['alt_text'] === 'string') plain.push(value['alt_text']);
    Object.values(value).forEach(walk);
  };
  walk(blocks);
  return { read, plain };
}

function discordParts({ content, embeds, components }: MessageBody): { read: Interpreted[]; plain: string[] } {
  const embed: APIEmbed = embeds[0] ?? {};
  const title = interpretMarkdown(embed.title ?? '');
  const linked = embed.url === undefined ? [] : [{ label: title.text, target: embed.url }];
  return {
    read: [
      interpretMarkdown(content),
      { ...title, links: [...title.links, ...linked] },
      interpretMarkdown(embed.description ?? ''),
    ],
    plain: [
      embed.author?.name ?? '',
      embed.footer?.text ?? '',
      ...components.flatMap((row) => row.components.map((one) => ('label' in one ? (one.label ?? '') : ''))),
    ],
  };
}

const NEVER_SHOWN = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]|\p{Surrogate}|\p{M}{9}/u;
/** Emphasis of our own: Slack's titles are bold. */
const OWN_EFFECTS = ['bold'];

function check(parts: { read: Interpreted[]; plain: string[] }, text: string): void {
  const effects = parts.read.flatMap((one) => one.effects);
  expect(effects.filter((effect) => !OWN_EFFECTS.includes(effect))).toEqual([]);
  const strange = parts.read.flatMap(({ links }) => links).filter(({ target }) => !target.startsWith(OWN_LINK));
  expect(strange).toEqual([]);
  const all = [...parts.read.map((one) => one.text), ...parts.plain];
  for (const shown of all) expect(shown).not.toMatch(NEVER_SHOWN);
  expect(all.some((shown) => isShown(shown, text))).toBe(true);
}

/** The text stands there whole, or its beginning before the mark of a cut. */
function isShown(shown: string, text: string): boolean {
  const wanted = seen(text);
  const there = seen(shown);
  if (wanted === '' || there.includes(wanted)) return true;
  const cut = there.split('…').map((part) => part.slice(-20).trim());
  return there.includes('…') && cut.some((part) => part !== '' && wanted.includes(part));
}

test('the corpus is large, and each text is there once', () => {
  expect(HOSTILE_TEXTS.length).toBeGreaterThan(200);
  expect(new Set(HOSTILE_TEXTS.map(({ text }) => text)).size).toBe(HOSTILE_TEXTS.length);
  expect(new Set(POSING_LINKS.map(({ title }) => title)).size).toBeGreaterThan(30);
});

describe.each(FAMILIES)('%s', (family) => {
  const texts = HOSTILE_TEXTS.filter((one) => one.family === family).map(({ text }) => [named(text), text] as const);
  const messages = (text: string): Message[] =>
    MESSAGE_FORMATS.flatMap((format) => [messageOf(text, { format }), digestOf(text, { format })]);

  test.each(texts)('on Slack %s is read as it is written', (_, text) => {
    for (const message of messages(text)) {
      const rendered = renderSlack(message);
      expect(blockTrouble(JSON.stringify(rendered.blocks))).toBeNull();
      check(slackParts(rendered), text);
    }
  });

  test.each(texts)('on Discord %s is read as it is written', (_, text) => {
    for (const message of messages(text)) {
      const body = renderDiscord(message);
      expect(() => {
        checkMessage(body);
      }).not.toThrow();
      expect(body.allowed_mentions).toEqual({ parse: [] });
      check(discordParts(body), text);
    }
    const name = threadName(messageOf(text));
    expect(checkForumPost({ name, message: { content: 'x' }, applied_tags: [] }, NO_TAGS).name).toBe(name);
    expect(isShown(name, text)).toBe(true);
  });
});

const linkMessages = ({ title, url }: HostileLink): Message[] =>
  MESSAGE_FORMATS.flatMap((format) => [
    messageOf('Words', { format, title, url: new URL(url) }),
    digestOf('Words', { format, lines: [{ title, url: new URL(url), source: '' }] }),
  ]);

function linksOf(message: Message): { links: Interpreted['links']; text: string }[] {
  return [slackParts(renderSlack(message)), discordParts(renderDiscord(message))].flatMap(({ read }) =>
    read.map(({ links, text }) => ({ links, text })),
  );
}

/** Each link says where it leads in its own words: its host, or the whole address. */
describe('a title that reads as another address', () => {
  test.each(POSING_LINKS.map(({ title, url }) => [title, url] as const))(
    '%j over %s is no link to it',
    (title, url) => {
      const { host } = new URL(url);
      for (const { links } of linkMessages({ title, url }).flatMap(linksOf)) {
        for (const { label, target } of links) {
          expect(target).not.toMatch(/^https?:\/\/[^/]*@|secret/);
          expect(new URL(target).host).toBe(host);
          expect([host, target]).toContain(label);
        }
      }
    },
  );
});

describe('a sentence that names another site', () => {
  test.each(MENTIONING_LINKS.map(({ title, url }) => [title, url] as const))(
    '%j over %s says where it leads',
    (title, url) => {
      const { host } = new URL(url);
      for (const { links, text } of linkMessages({ title, url }).flatMap(linksOf)) {
        for (const { target } of links) expect(new URL(target).host).toBe(host);
        expect(links.length === 0 || text.includes(host)).toBe(true);
      }
    },
  );
});

test.each(BAD_ADDRESSES.map((address) => [named(address), address]))('the address %s is left out', (_, address) => {
  for (const message of linkMessages({ title: 'Words', url: address })) {
    for (const { links } of linksOf({ ...message, imageUrl: new URL(address) })) expect(links).toEqual([]);
  }
});

test.each(BAD_PICTURES.map((address) => [named(address), address]))('the picture %s is left out', (_, address) => {
  const message = messageOf('Words', { imageUrl: new URL(address) });
  expect(JSON.stringify(renderSlack(message).blocks)).not.toContain('image_url');
  expect(renderDiscord(message).embeds[0]).not.toHaveProperty('thumbnail');
});
