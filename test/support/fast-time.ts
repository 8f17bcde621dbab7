/** Time that runs faster than on the wall, alike in this process and in those it starts. */
export interface FastTime {
  /** For the command line of another Node process. */
  readonly nodeFlags: readonly string[];
  /** `Date.now` of this process is as it was. */
  readonly restore: () => void;
}

/**
 * Dates, timers, deadlines and measured times of child processes, and `Date.now` of this one, run `factor` times as fast from now on: a
 * lease of half a minute ends after three seconds.
 */
export function startFastTime(factor: number): FastTime {
  const wall = Date.now;
  const epoch = wall();
  Date.now = () => Math.floor(epoch + (wall() - epoch) * factor);
  return {
    nodeFlags: ['--import', `data:text/javascript,${encodeURIComponent(preload(epoch, factor))}`],
    restore: () => {
      Date.now = wall;
    },
  };
}

/** Runs before anything else of the child. Sockets keep their own time. */
function preload(epoch: number, factor: number): string {
  return `
    import promises from 'node:timers/promises';
    import { syncBuiltinESMExports } from 'node:module';
    import { promisify } from 'node:util';
    const Wall = Date;
    const now = () => Math.floor(${String(epoch)} + (Wall.now() - ${String(epoch)}) * ${String(factor)});
    globalThis.Date = class extends Wall {
      constructor(...given) { if (given.length > 0) super(...given); else super(now()); }
      static now() { return now(); }
    };
    const elapsed = performance.now.bind(performance);
    performance.now = () => elapsed() * ${String(factor)};
    const { setTimeout: once, setInterval: often } = globalThis;
    const soon = promises.setTimeout;
    const scaled = (ms) => (ms ?? 0) / ${String(factor)};
    promises.setTimeout = (ms, value, options) => soon(scaled(ms), value, options);
    syncBuiltinESMExports();
    globalThis.setTimeout = (work, ms, ...given) => once(work, scaled(ms), ...given);
    globalThis.setTimeout[promisify.custom] = promises.setTimeout;
    globalThis.setInterval = (work, ms, ...given) => often(work, scaled(ms), ...given);
    const deadline = AbortSignal.timeout.bind(AbortSignal);
    AbortSignal.timeout = (ms) => deadline(Math.ceil(scaled(ms)));
  `;
}
