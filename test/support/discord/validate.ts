/** A refusal as Discord words it. */
export interface ApiError {
  readonly status: number;
  readonly code: number;
  readonly message: string;
  readonly errors?: unknown;
}

export class Refused extends Error {
  override readonly name = 'Refused';
  readonly error: ApiError;

  constructor(error: ApiError) {
    super(error.message);
    this.error = error;
  }
}

export function refuse(status: number, code: number, message: string): never {
  throw new Refused({ status, code, message });
}

function invalid(path: string, message: string): never {
  throw new Refused({
    status: 400,
    code: 50035,
    message: 'Invalid Form Body',
    errors: { [path]: { _errors: [{ code: 'INVALID', message }] } },
  });
}

type Fields = Readonly<Record<string, unknown>>;

export function asFields(value: unknown, path: string): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return invalid(path, 'must be an object');
  return value as Fields;
}

function asList(value: unknown, path: string, max: number): readonly unknown[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) return invalid(path, 'must be an array');
  if (value.length > max) return invalid(path, `at most ${String(max)}`);
  return value;
}

/** Code points, after Discord's trimming. Undefined and blank count as not given. */
function textLength(value: unknown, path: string, max: number): number {
  if (value === undefined || value === null) return 0;
  if (typeof value !== 'string') return invalid(path, 'must be a string');
  if (/\p{Cs}/u.test(value)) return invalid(path, 'must be well-formed');
  const length = Array.from(value.trim()).length;
  return length > max ? invalid(path, `must be ${String(max)} or fewer in length`) : length;
}

function requireText(value: unknown, path: string, max: number): number {
  return textLength(value, path, max) || invalid(path, 'this field is required');
}

function checkUrl(value: unknown, path: string): void {
  if (value === undefined || value === null) return;
  if (typeof value !== 'string' || !/^https?:\/\/[^\s/]+\S*$/.test(value))
    return invalid(path, 'not a well formed URL');
  if (value.length > 2048) invalid(path, 'must be 2048 or fewer in length');
  // Names of one's own network are no addresses to Discord.
  if (!/^(?:\[.*\]|[^.]+(?:\.[^.]+)+)$/.test(new URL(value).hostname)) invalid(path, 'not a well formed URL');
  if (/^https?:\/\/[^/]*@/.test(value)) invalid(path, 'carries a name or a password');
}

const MESSAGE_KEYS = ['content', 'embeds', 'components', 'flags', 'allowed_mentions', 'nonce', 'enforce_nonce'];
const EMBED_KEYS = ['title', 'description', 'url', 'color', 'author', 'footer', 'thumbnail', 'image', 'timestamp'];
const BUTTON_KEYS = ['type', 'style', 'label', 'custom_id', 'disabled'];

/** Discord lets unknown keys pass without a word, so that a misspelt one is never noticed. */
function noOthers(value: Fields, path: string, known: readonly string[]): void {
  const other = Object.keys(value).find((key) => !known.includes(key));
  if (other !== undefined) invalid(path, `unknown key ${other}`);
}

/** Returns how many characters count towards the sum over all embeds. */
function checkEmbed(value: unknown, path: string): number {
  const embed = asFields(value, path);
  noOthers(embed, path, EMBED_KEYS);
  const author = embed['author'] === undefined ? 0 : requireText(asFields(embed['author'], path)['name'], path, 256);
  const footer = embed['footer'] === undefined ? 0 : requireText(asFields(embed['footer'], path)['text'], path, 2048);
  const title = textLength(embed['title'], `${path}.title`, 256);
  const description = textLength(embed['description'], `${path}.description`, 4096);
  checkUrl(embed['url'], `${path}.url`);
  for (const part of ['thumbnail', 'image']) {
    if (embed[part] !== undefined) checkUrl(asFields(embed[part], path)['url'], `${path}.${part}.url`);
  }
  const at = embed['timestamp'];
  if (at !== undefined && !(typeof at === 'string' && /^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(at))) {
    invalid(`${path}.timestamp`, 'could not parse');
  }
  const sum = title + description + author + footer;
  return sum > 0 ? sum : invalid(path, 'an embed needs some text');
}

function checkComponents(value: unknown): void {
  const ids = asList(value, 'components', 5).flatMap((row, index) => {
    const path = `components.${String(index)}`;
    const buttons = asList(asFields(row, path)['components'], path, 5);
    if (asFields(row, path)['type'] !== 1 || buttons.length === 0) invalid(path, 'must be a row of buttons');
    return buttons.map((one) => {
      const button = asFields(one, path);
      noOthers(button, path, BUTTON_KEYS);
      if (button['type'] !== 2 || ![1, 2, 3, 4].includes(Number(button['style']))) invalid(path, 'must be a button');
      requireText(button['label'], path, 80);
      requireText(button['custom_id'], path, 100);
      return button['custom_id'];
    });
  });
  if (new Set(ids).size !== ids.length) invalid('components', 'custom_id must be unique');
}

/** Throws what Discord answers to a message body it does not take (docs: resources/message). */
export function checkMessage(value: unknown): void {
  const body = asFields(value, 'body');
  noOthers(body, 'body', MESSAGE_KEYS);
  const content = textLength(body['content'], 'content', 2000);
  const sums = asList(body['embeds'], 'embeds', 10).map((embed, index) => checkEmbed(embed, `embeds.${String(index)}`));
  if (sums.reduce((a, b) => a + b, 0) > 6000) invalid('embeds', 'embed size exceeds maximum size of 6000');
  const { nonce } = body;
  if (nonce !== undefined && !Number.isInteger(nonce)) requireText(nonce, 'nonce', 25);
  checkComponents(body['components']);
  if (content === 0 && sums.length === 0) refuse(400, 50006, 'Cannot send an empty message');
}

interface Forum {
  readonly tags: readonly { readonly id: string; readonly moderated?: boolean }[];
  readonly requireTag: boolean;
}

/** Throws what Discord answers to a post that a forum does not take (docs: resources/channel). */
export function checkForumPost(
  value: unknown,
  { tags, requireTag }: Forum,
): { readonly name: string; readonly tags: readonly string[]; readonly message: unknown } {
  const body = asFields(value, 'body');
  noOthers(body, 'body', ['name', 'message', 'applied_tags', 'auto_archive_duration', 'rate_limit_per_user']);
  requireText(body['name'], 'name', 100);
  const applied = asList(body['applied_tags'], 'applied_tags', 5).map(String);
  for (const id of applied) {
    const tag = tags.find((one) => one.id === id) ?? refuse(404, 10087, 'Unknown tag');
    if (tag.moderated === true) refuse(403, 50013, 'Missing Permissions');
  }
  if (requireTag && applied.length === 0)
    refuse(400, 40067, 'A tag is required to create a forum post in this channel');
  const message = asFields(body['message'], 'message');
  if ('nonce' in message) invalid('message.nonce', 'posts of forums have none');
  checkMessage(message);
  return { name: String(body['name']), tags: applied, message };
}

/** Throws what Discord answers to a list of application commands it does not take (docs: interactions/application-commands). */
export function checkCommands(value: unknown): void {
  const commands = asList(value, 'body', 100);
  const characters = commands.reduce<number>((sum, one, index) => sum + checkCommand(one, String(index)), 0);
  if (characters > 8000 * Math.max(commands.length, 1)) invalid('body', 'command exceeds maximum size');
}

function checkCommand(value: unknown, path: string): number {
  const part = asFields(value, path);
  const name = requireText(part['name'], `${path}.name`, 32);
  if (!/^[-_'\p{Ll}\p{N}]+$/u.test(String(part['name']))) invalid(`${path}.name`, 'invalid command name');
  const description = requireText(part['description'], `${path}.description`, 100);
  const options = asList(part['options'], `${path}.options`, 25);
  const firstOptional = options.findIndex((option) => asFields(option, path)['required'] !== true);
  const lastRequired = options.findLastIndex((option) => asFields(option, path)['required'] === true);
  if (firstOptional >= 0 && lastRequired > firstOptional) invalid(path, 'required options must come first');
  return options.reduce<number>(
    (sum, one, index) => sum + checkCommand(one, `${path}.${String(index)}`),
    name + description,
  );
}
