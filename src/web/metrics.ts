import type { FastifyInstance } from 'fastify';
import { collectDefaultMetrics, Counter, Gauge, Registry } from 'prom-client';

/** One figure that is read whenever somebody asks. Never an address, a channel or a text: `/metrics` is open. */
export interface Metric {
  /** `tidings_polls_total` */
  readonly name: string;
  readonly help: string;
  /** A counter only ever grows, and begins at 0 with each process. */
  readonly kind: 'counter' | 'gauge';
  /** Where there are several figures: what tells them apart. Keys of what `read` gives are its values. */
  readonly label?: string;
  readonly read: () => number | Readonly<Record<string, number>> | Promise<number | Readonly<Record<string, number>>>;
}

/** `GET /metrics` in Prometheus' text format: the figures given, and those of the process. */
export function mountMetrics(app: FastifyInstance, metrics: readonly Metric[]): void {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  for (const metric of metrics) register(registry, metric);
  app.get('/metrics', async (_request, reply) => reply.type(registry.contentType).send(await registry.metrics()));
}

function register(registry: Registry, { name, help, kind, label, read }: Metric): void {
  const options = { name, help, registers: [registry], labelNames: label === undefined ? [] : [label] };
  const write = (values: Awaited<ReturnType<Metric['read']>>, set: (by: string | null, value: number) => void) => {
    if (typeof values === 'number') set(null, values);
    else for (const [by, value] of Object.entries(values)) set(by, value);
  };
  const labels = (by: string | null) => (by === null || label === undefined ? {} : { [label]: by });
  if (kind === 'gauge') {
    new Gauge({
      ...options,
      async collect() {
        this.reset();
        write(await read(), (by, value) => {
          this.set(labels(by), value);
        });
      },
    });
    return;
  }
  new Counter({
    ...options,
    async collect() {
      this.reset();
      write(await read(), (by, value) => {
        this.inc(labels(by), value);
      });
    },
  });
}
