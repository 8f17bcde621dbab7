import { createHmac, randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';

/** One request for a subscription, as the hub read it. */
export interface HubRequest {
  readonly mode: string;
  readonly topic: string;
  readonly callback: string;
  readonly secret: string | null;
  readonly leaseSeconds: number | null;
  /** Of PubSubHubbub 0.3, whose hubs refuse a request without it. */
  readonly verify: string | null;
  /** What was wrong with it, or null: then it was answered 202. */
  readonly problem: string | null;
}

/** What a subscriber answered to one verification. */
export interface Verification {
  readonly mode: string;
  readonly status: number;
  readonly agreed: boolean;
}

export interface HubSubscriber {
  readonly callback: string;
  readonly topic: string;
  readonly secret: string;
  active: boolean;
  leaseUntil: number;
}

export interface PublishOptions {
  readonly contentType?: string;
  readonly method?: 'sha1' | 'sha256' | 'sha384' | 'sha512';
  /** `bad` signs another body; `missing` does not sign. */
  readonly signature?: 'good' | 'bad' | 'missing';
}

/** How the hub departs from a hub that does as asked. */
export interface HubManners {
  /** It verifies while it answers, soon after, or never. */
  verify: 'during' | 'after' | 'never';
  /** Names this topic in its verifications. */
  verifyTopic: string | null;
  leaseSeconds: number | null;
  /** Answers every request with this status and does nothing. */
  status: number | null;
  /** Says no, with this reason, in place of verifying. */
  denies: string | null;
}

export interface Hub {
  readonly url: (path: string) => URL;
  readonly port: number;
  readonly manners: HubManners;
  readonly requests: readonly HubRequest[];
  readonly verifications: readonly Verification[];
  readonly subscribers: ReadonlyMap<string, HubSubscriber>;
  /** Waits until every verification has been answered. */
  readonly settled: () => Promise<void>;
  /** Delivers to all subscribers whose lease lasts. Returns the status each answered last, after retries of 5xx. */
  readonly publish: (topic: URL, body: string, options?: PublishOptions) => Promise<number[]>;
  readonly close: () => Promise<void>;
}

const RETRIES = 3;
const DEFAULT_LEASE_SECONDS = 86_400;

/**
 * A real WebSub hub on the loopback interface (W3C Recommendation of 2018), as strict as a conformance suite: it refuses
 * what breaks the rules, verifies intent, keeps leases, signs, retries and ends a subscription at 410. `/hub` is the hub;
 * `/moved/307` and `/moved/308` lead there.
 */
export async function startHub(clock: () => Date): Promise<Hub> {
  const requests: HubRequest[] = [];
  const verifications: Verification[] = [];
  const subscribers = new Map<string, HubSubscriber>();
  const manners: HubManners = { verify: 'after', verifyTopic: null, leaseSeconds: null, status: null, denies: null };
  const pending = new Set<Promise<void>>();

  const verify = async (request: HubRequest): Promise<void> => {
    const topic = manners.verifyTopic ?? request.topic;
    if (manners.denies !== null) {
      await call(request.callback, { 'hub.mode': 'denied', 'hub.topic': topic, 'hub.reason': manners.denies });
      subscribers.delete(request.callback);
      return;
    }
    const challenge = randomBytes(20).toString('hex');
    const leaseSeconds = manners.leaseSeconds ?? request.leaseSeconds ?? DEFAULT_LEASE_SECONDS;
    const lease = request.mode === 'subscribe' ? { 'hub.lease_seconds': String(leaseSeconds) } : {};
    const intent = { 'hub.mode': request.mode, 'hub.topic': topic, 'hub.challenge': challenge };
    const answer = await call(request.callback, { ...intent, ...lease });
    const agreed = answer.ok && answer.body === challenge && !/html|xml|svg/i.test(answer.contentType);
    verifications.push({ mode: request.mode, status: answer.status, agreed });
    if (!agreed) return;
    const { callback, secret } = request;
    const leaseUntil = clock().getTime() + leaseSeconds * 1000;
    const active = request.mode === 'subscribe';
    subscribers.set(callback, { callback, topic: request.topic, secret: secret ?? '', active, leaseUntil });
  };

  const take = async (request: IncomingMessage): Promise<number> => {
    const asked = readRequest(request, await textOf(request), subscribers);
    requests.push(asked);
    if (manners.status !== null) return manners.status;
    if (asked.problem !== null) return 400;
    if (manners.verify === 'during') await verify(asked);
    if (manners.verify === 'after') {
      const work = new Promise((resolve) => setTimeout(resolve, 10)).then(() => verify(asked));
      pending.add(work);
      void work.finally(() => pending.delete(work)).catch(() => undefined);
    }
    return 202;
  };

  const server = createServer((request, response) => {
    const moved = /^\/moved\/(307|308)$/.exec(request.url ?? '');
    if (moved) response.writeHead(Number(moved[1]), { location: '/hub' }).end();
    else if (!request.url?.startsWith('/hub')) response.writeHead(404).end();
    else
      take(request).then(
        (status) => response.writeHead(status).end(),
        () => response.destroy(),
      );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;

  const deliver = async (one: HubSubscriber, body: string, options: PublishOptions): Promise<number> => {
    let status = 0;
    for (let attempt = 0; attempt < RETRIES && (status === 0 || status >= 500); attempt += 1) {
      status = await send(one, body, options).catch(() => 0);
    }
    if (status === 410) subscribers.set(one.callback, { ...one, active: false });
    return status;
  };
  return {
    url: (path) => new URL(path, `http://127.0.0.1:${String(port)}`),
    port,
    manners,
    requests,
    verifications,
    subscribers,
    settled: async () => {
      while (pending.size > 0) await Promise.all(pending);
    },
    publish: (topic, body, options = {}) => {
      const lasting = [...subscribers.values()].filter(
        (one) => one.active && one.topic === topic.href && one.leaseUntil > clock().getTime(),
      );
      return Promise.all(lasting.map((one) => deliver(one, body, options)));
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}

function readRequest(
  { method = '', headers }: IncomingMessage,
  text: string,
  subscribers: ReadonlyMap<string, HubSubscriber>,
): HubRequest {
  const form = new URLSearchParams(text);
  const request = {
    mode: form.get('hub.mode') ?? '',
    topic: form.get('hub.topic') ?? '',
    callback: form.get('hub.callback') ?? '',
    secret: form.get('hub.secret'),
    lease: form.get('hub.lease_seconds'),
    verify: form.get('hub.verify'),
  };
  const broken = RULES.find(({ holds }) => !holds({ ...request, method, form, headers, subscribers }));
  const leaseSeconds = request.lease === null ? null : Number(request.lease);
  return { ...request, leaseSeconds, problem: broken?.problem ?? null };
}

interface Received {
  readonly method: string;
  readonly headers: IncomingMessage['headers'];
  readonly form: URLSearchParams;
  readonly mode: string;
  readonly topic: string;
  readonly callback: string;
  readonly secret: string | null;
  readonly lease: string | null;
  readonly subscribers: ReadonlyMap<string, HubSubscriber>;
}

const FORM = /^application\/x-www-form-urlencoded(?:;\s*charset=utf-8)?$/i;

const RULES: readonly { readonly problem: string; readonly holds: (received: Received) => boolean }[] = [
  { problem: 'not a POST', holds: ({ method }) => method === 'POST' },
  { problem: 'not a form', holds: ({ headers }) => FORM.test(headers['content-type'] ?? '') },
  { problem: 'a parameter twice', holds: ({ form }) => new Set(form.keys()).size === form.size },
  { problem: 'unknown mode', holds: ({ mode }) => mode === 'subscribe' || mode === 'unsubscribe' },
  { problem: 'the topic is no address', holds: ({ topic }) => URL.canParse(topic) },
  { problem: 'the callback is no address, or can be guessed', holds: ({ callback }) => isCallback(callback) },
  {
    problem: 'no such subscription',
    holds: ({ mode, callback, subscribers }) => mode === 'subscribe' || subscribers.has(callback),
  },
  {
    problem: 'the callback serves another topic',
    holds: ({ topic, callback, subscribers }) => (subscribers.get(callback)?.topic ?? topic) === topic,
  },
  { problem: 'the lease is no positive number', holds: ({ lease }) => lease === null || /^[1-9]\d*$/.test(lease) },
  {
    problem: 'the secret is empty or too long',
    holds: ({ secret }) => secret === null || (secret !== '' && Buffer.byteLength(secret) < 200),
  },
];

/** At least 128 bits in its last part. */
function isCallback(address: string): boolean {
  if (!URL.canParse(address)) return false;
  const { protocol, pathname, hash } = new URL(address);
  return /^https?:$/.test(protocol) && hash === '' && (pathname.split('/').at(-1) ?? '').length >= 22;
}

async function call(
  callback: string,
  query: Readonly<Record<string, string>>,
): Promise<{ readonly ok: boolean; readonly status: number; readonly body: string; readonly contentType: string }> {
  const url = new URL(callback);
  for (const [name, value] of Object.entries(query)) url.searchParams.append(name, value);
  const response = await fetch(url, { redirect: 'manual' });
  const contentType = response.headers.get('content-type') ?? '';
  return { ok: response.ok, status: response.status, body: await response.text(), contentType };
}

async function send(one: HubSubscriber, body: string, options: PublishOptions): Promise<number> {
  const { contentType = 'application/atom+xml', method = 'sha256', signature = 'good' } = options;
  const signed = signature === 'bad' ? `${body} ` : body;
  const hex = createHmac(method, one.secret).update(signed).digest('hex');
  const response = await fetch(one.callback, {
    method: 'POST',
    redirect: 'manual',
    body,
    headers: {
      'content-type': contentType,
      link: `<${one.topic}>; rel="self"`,
      ...(signature !== 'missing' && one.secret !== '' && { 'x-hub-signature': `${method}=${hex}` }),
    },
  });
  await response.body?.cancel();
  return response.status;
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}
