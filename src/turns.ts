import { setImmediate } from 'node:timers/promises';

/** So long one piece of work may hold up everything else before it lets others go first. */
const TURN_MS = 10;

/** To be awaited between the steps of long work: returns at once while the turn lasts, else after everybody else's. */
export type Pause = () => Promise<void>;

export function createPause(): Pause {
  let turnStartedAt = performance.now();
  return async () => {
    if (performance.now() - turnStartedAt < TURN_MS) return;
    await setImmediate();
    turnStartedAt = performance.now();
  };
}

/** Does all steps of a piece of work, a turn at a time. */
export async function inTurns<T>(steps: Iterator<unknown, T>, pause = createPause()): Promise<T> {
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
    await pause();
  }
}

/** The same for all of a list. */
export async function mapInTurns<From, To>(
  all: Iterable<From>,
  step: (one: From) => To,
  pause = createPause(),
): Promise<To[]> {
  const done: To[] = [];
  for (const one of all) {
    await pause();
    done.push(step(one));
  }
  return done;
}

/** Runs work that is given to it one after the other, in the order that it came in. */
export function createQueue(): <T>(work: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const done = last.then(work);
    last = done.then(forget, forget);
    return done;
  };
}

/** Only the order counts: a result that is held on to is memory. */
const forget = (): void => undefined;
