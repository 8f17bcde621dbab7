/**
 * What Slack refuses in `blocks`, from its reference pages and the validators of its SDKs.
 * @see https://docs.slack.dev/reference/block-kit/blocks
 */
export interface BlockTrouble {
  readonly error: 'invalid_blocks' | 'invalid_blocks_format' | 'msg_blocks_too_long';
  readonly messages: readonly string[];
}

type Json = Readonly<Record<string, unknown>>;

/** Not documented; reports name refusals from about 11,300 characters on. */
const MOST_CHARACTERS = 11_000;

export function blockTrouble(text: string): BlockTrouble | null {
  const blocks = parsed(text);
  if (!Array.isArray(blocks)) return { error: 'invalid_blocks_format', messages: ['[ERROR] not an array'] };
  const messages = [
    ...(blocks.length > 50 ? ['[ERROR] no more than 50 items allowed [json-pointer:/blocks]'] : []),
    ...blocks.flatMap((block, index) =>
      blockMessages(block).map((say) => `[ERROR] ${say} [json-pointer:/blocks/${String(index)}]`),
    ),
    ...repeatedActionIds(blocks),
  ];
  if (messages.length > 0) return { error: 'invalid_blocks', messages };
  return characters(blocks) > MOST_CHARACTERS ? { error: 'msg_blocks_too_long', messages: [] } : null;
}

export function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

export function isJson(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function blockMessages(block: unknown): string[] {
  if (!isJson(block)) return ['must be an object'];
  const { type } = block;
  switch (type) {
    case 'section':
      return sectionMessages(block);
    case 'context':
      return contextMessages(block);
    case 'header':
      return [...keys(block, ['type', 'text', 'block_id']), ...textMessages(block['text'], 'plain_text', 150)];
    case 'actions':
      return actionsMessages(block);
    case 'divider':
      return keys(block, ['type', 'block_id']);
    case 'image':
      return imageMessages(block, ['title', 'block_id']);
    default:
      return [`unsupported type: ${String(type)}`];
  }
}

function sectionMessages(block: Json): string[] {
  const { text, fields, accessory } = block;
  return [
    ...keys(block, ['type', 'text', 'fields', 'accessory', 'block_id', 'expand']),
    ...(text === undefined && fields === undefined ? ['text or fields are required'] : []),
    ...(text === undefined ? [] : textMessages(text, 'any', 3_000)),
    ...list(fields, 10).flatMap((field) => textMessages(field, 'any', 2_000)),
    ...(accessory === undefined ? [] : elementMessages(accessory)),
  ];
}

function contextMessages(block: Json): string[] {
  const { elements } = block;
  const few = Array.isArray(elements) && elements.length >= 1 && elements.length <= 10;
  return [
    ...keys(block, ['type', 'elements', 'block_id']),
    ...(few ? [] : ['elements must hold 1 to 10']),
    ...list(elements, 10).flatMap((one) =>
      isJson(one) && one['type'] === 'image' ? imageMessages(one, []) : textMessages(one, 'any', 3_000),
    ),
  ];
}

function actionsMessages(block: Json): string[] {
  const { elements } = block;
  const few = Array.isArray(elements) && elements.length >= 1 && elements.length <= 25;
  return [
    ...keys(block, ['type', 'elements', 'block_id']),
    ...(few ? [] : ['elements must hold 1 to 25']),
    ...list(elements, 25).flatMap(elementMessages),
  ];
}

function elementMessages(element: unknown): string[] {
  if (!isJson(element)) return ['must be an object'];
  if (element['type'] === 'image') return imageMessages(element, []);
  if (element['type'] === 'overflow') return overflowMessages(element);
  if (element['type'] !== 'button') return [`unsupported element: ${String(element['type'])}`];
  return [
    ...keys(element, ['type', 'text', 'action_id', 'value', 'url', 'style', 'confirm', 'accessibility_label']),
    ...textMessages(element['text'], 'plain_text', 75),
    ...(element['action_id'] === undefined ? [] : stringMessages(element['action_id'], 'action_id', 255)),
    ...(element['value'] === undefined ? [] : stringMessages(element['value'], 'value', 2_000)),
    ...(element['url'] === undefined ? [] : stringMessages(element['url'], 'url', 3_000)),
  ];
}

function overflowMessages(element: Json): string[] {
  const { options, action_id: actionId } = element;
  const few = Array.isArray(options) && options.length >= 1 && options.length <= 5;
  return [
    ...keys(element, ['type', 'action_id', 'options', 'confirm']),
    ...(few ? [] : ['options must hold 1 to 5']),
    ...(actionId === undefined ? [] : stringMessages(actionId, 'action_id', 255)),
    ...list(options, 5).flatMap((option) =>
      isJson(option)
        ? [
            ...keys(option, ['text', 'value', 'description', 'url']),
            ...textMessages(option['text'], 'plain_text', 75),
            ...stringMessages(option['value'], 'value', 150),
          ]
        : ['option must be an object'],
    ),
  ];
}

function imageMessages(image: Json, more: readonly string[]): string[] {
  const { image_url: url } = image;
  return [
    ...keys(image, ['type', 'image_url', 'alt_text', ...more]),
    ...stringMessages(url, 'image_url', 3_000),
    ...(typeof url === 'string' && isFetched(url) ? [] : ['downloading image failed']),
    ...stringMessages(image['alt_text'], 'alt_text', 2_000),
  ];
}

/** Slack asks for the picture itself before it takes the message. */
function isFetched(url: string): boolean {
  if (!/^https?:\/\/[^@/]+(?:[/?#]|$)/.test(url)) return false;
  const { hostname, pathname } = new URL(url);
  return /\.[a-z][a-z\d-]*$/.test(hostname) && !/\.(?:local|localhost)$/.test(hostname) && !/\.svg$/i.test(pathname);
}

function textMessages(text: unknown, kind: 'any' | 'plain_text', most: number): string[] {
  if (!isJson(text)) return ['text must be an object'];
  const { type } = text;
  const known = type === 'plain_text' || (type === 'mrkdwn' && kind === 'any');
  return [
    ...(known ? [] : [`text of type ${String(type)} is not allowed here`]),
    ...keys(text, ['type', 'text', type === 'mrkdwn' ? 'verbatim' : 'emoji']),
    ...stringMessages(text['text'], 'text', most),
  ];
}

function stringMessages(value: unknown, name: string, most: number): string[] {
  if (typeof value !== 'string') return [`${name} must be a string`];
  if (value.length === 0) return [`${name} must be more than 0 characters`];
  return value.length > most ? [`${name} must be less than ${String(most + 1)} characters`] : [];
}

function keys(value: Json, known: readonly string[]): string[] {
  return Object.keys(value)
    .filter((key) => !known.includes(key))
    .map((key) => `invalid additional property: ${key}`);
}

function list(value: unknown, most: number): unknown[] {
  return Array.isArray(value) ? value.slice(0, most) : [];
}

function repeatedActionIds(blocks: readonly unknown[]): string[] {
  const ids = blocks.flatMap((block) =>
    isJson(block)
      ? [...list(block['elements'], 25), block['accessory']]
          .filter(isJson)
          .map((one) => one['action_id'])
          .filter((id) => id !== undefined)
      : [],
  );
  return new Set(ids).size === ids.length ? [] : ['[ERROR] action_id already exists'];
}

/** Of everything that is shown. */
function characters(value: unknown): number {
  if (Array.isArray(value)) return value.reduce((sum: number, one) => sum + characters(one), 0);
  if (!isJson(value)) return 0;
  return Object.entries(value).reduce(
    (sum, [key, one]) => sum + (key === 'text' && typeof one === 'string' ? one.length : characters(one)),
    0,
  );
}
